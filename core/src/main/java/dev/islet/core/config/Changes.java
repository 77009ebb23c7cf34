package dev.islet.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tells in which keys two configurations differ. */
public final class Changes {
  private Changes() {}

  /**
   * Paths of the keys whose values differ, depth first; whole lists and maps count as one value.
   */
  public static <C extends Record> List<String> between(C before, C after) {
    var paths = new ArrayList<String>();
    compare("", before, after, paths);
    return paths;
  }

  private static void compare(String path, Record before, Record after, List<String> paths) {
    for (var component : before.getClass().getRecordComponents()) {
      var key = (path.isEmpty() ? "" : path + ".") + Names.kebab(component.getName());
      Object a;
      Object b;
      try {
        component.getAccessor().setAccessible(true);
        a = component.getAccessor().invoke(before);
        b = component.getAccessor().invoke(after);
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("cannot read " + component, e);
      }
      if (a instanceof Record ra && b instanceof Record rb && ra.getClass() == rb.getClass()) {
        compare(key, ra, rb, paths);
      } else if (!Objects.equals(a, b)) {
        paths.add(key);
      }
    }
  }
}
