package dev.islet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.Key;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every configuration record promises; one line a module, like {@link HouseRules}. */
public abstract class ConfigRules {
  private final Class<? extends Record> type;
  private final Path[] shipped;

  /**
   * @param shipped files of this type that ship with the project, relative to the module
   */
  protected ConfigRules(Class<? extends Record> type, String... shipped) {
    this.type = type;
    this.shipped = java.util.Arrays.stream(shipped).map(Path::of).toArray(Path[]::new);
  }

  @Test
  void every_key_has_a_line_that_tells_what_it_is() {
    var faults = new ArrayList<String>();
    walk(type, new HashSet<>(), faults);
    assertThat(faults).isEmpty();
  }

  @Test
  void the_files_that_ship_are_good() {
    for (var file : shipped) {
      assertThat(new ConfigFile<>(file, type).read()).isNotNull();
    }
  }

  private static void walk(Type of, Set<Type> seen, List<String> faults) {
    if (of instanceof ParameterizedType generic) {
      for (var argument : generic.getActualTypeArguments()) {
        walk(argument, seen, faults);
      }
      return;
    }
    var plain = (Class<?>) of;
    if (!seen.add(plain)) {
      return;
    }
    if (plain.isSealed() && plain.getName().startsWith("dev.islet")) {
      for (var variant : plain.getPermittedSubclasses()) {
        walk(variant, seen, faults);
      }
    }
    if (!plain.isRecord() || hasParser(plain)) {
      return;
    }
    for (var component : plain.getRecordComponents()) {
      var key = component.getAnnotation(Key.class);
      var name = plain.getSimpleName() + "." + component.getName();
      if (key == null) {
        faults.add(name + " lacks @Key");
      } else if (key.value().length() < 5) {
        faults.add(name + " lacks a line that tells what it is");
      }
      walk(component.getGenericType(), seen, faults);
    }
  }

  private static boolean hasParser(Class<?> type) {
    try {
      return type.getMethod("parse", String.class).getReturnType() == type
          && java.util.Arrays.stream(type.getRecordComponents())
              .allMatch(c -> c.getAnnotation(Key.class) == null);
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
