package dev.islet.core.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Fills records from the nodes of a YAML document through their canonical constructors.
 *
 * <p>Goes on after a fault to find the others; a value that could not be read is marked by {@link
 * Fault} on its way up, and the record around it is not constructed. A sealed interface of records
 * is written as a mapping with one key that names the record: {@code proxy: {to: …}}.
 */
final class Binder {
  private static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    Fault() {
      super(null, null, false, false);
    }
  }

  private final Path file;
  private final Path folder;
  private final Substitution substitution;
  private final List<Problem> problems = new ArrayList<>();

  Binder(Path file, Map<String, String> environment) {
    this.file = file;
    var parent = file.toAbsolutePath().getParent();
    this.folder = parent == null ? Path.of("/") : parent;
    this.substitution = new Substitution(environment, folder);
  }

  <C extends Record> C bind(String text, Class<C> type) {
    Object value = null;
    try {
      value = record(type, root(text), "");
    } catch (Fault e) {
      // told in problems
    }
    if (!problems.isEmpty() || value == null) {
      problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
      throw new ConfigException(problems);
    }
    return type.cast(value);
  }

  <C extends Record> Optional<C> part(String text, String key, Class<C> type) {
    try {
      if (root(text) instanceof MappingNode mapping) {
        for (var tuple : mapping.getValue()) {
          if (text(tuple.getKeyNode()).equals(key)) {
            return Optional.of(type.cast(value(type, tuple.getValueNode(), key)));
          }
        }
      }
      return Optional.empty();
    } catch (Fault e) {
      throw new ConfigException(problems);
    }
  }

  private Node root(String text) {
    var settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setMaxAliasesForCollections(20)
            .setCodePointLimit(4 << 20)
            .setAllowDuplicateKeys(false)
            .build();
    try {
      return new Compose(settings)
          .composeString(text)
          .orElseGet(
              () ->
                  new MappingNode(
                      Tag.MAP, List.of(), org.snakeyaml.engine.v2.common.FlowStyle.BLOCK));
    } catch (MarkedYamlEngineException e) {
      var mark = e.getProblemMark();
      problems.add(
          new Problem(
              file.toString(),
              mark.map(m -> m.getLine() + 1).orElse(1),
              mark.map(m -> m.getColumn() + 1).orElse(1),
              "",
              "not YAML: " + e.getProblem()));
      throw new Fault();
    } catch (YamlEngineException e) {
      problems.add(new Problem(file.toString(), 1, 1, "", "not YAML: " + e.getMessage()));
      throw new Fault();
    }
  }

  private Object value(Type type, Node node, String key) {
    if (type instanceof ParameterizedType generic) {
      var raw = (Class<?>) generic.getRawType();
      var arguments = generic.getActualTypeArguments();
      if (raw == Optional.class) {
        return isNull(node) ? Optional.empty() : Optional.of(value(arguments[0], node, key));
      }
      if (raw == List.class) {
        return list(arguments[0], node, key);
      }
      if (raw == Map.class) {
        return map((Class<?>) arguments[0], arguments[1], node, key);
      }
      throw new IllegalStateException(key + ": no way to read a " + type);
    }
    var plain = (Class<?>) type;
    if (node instanceof ScalarNode scalar && Scalars.knows(plain)) {
      return scalar(plain, scalar, key);
    }
    if (plain.isRecord()) {
      return record(plain, node, key);
    }
    if (plain.isSealed()) {
      return variant(plain, node, key);
    }
    if (Scalars.knows(plain)) {
      throw fault(node, key, "expected one value but found " + kind(node));
    }
    throw new IllegalStateException(key + ": no way to read a " + type);
  }

  private Object scalar(Class<?> type, ScalarNode node, String key) {
    try {
      if (isNull(node) && type != String.class) {
        throw new IllegalArgumentException("expected a value but found none");
      }
      return Scalars.parse(type, substitution.apply(node.getValue()), folder);
    } catch (IllegalArgumentException e) {
      throw fault(node, key, String.valueOf(e.getMessage()));
    }
  }

  private List<Object> list(Type element, Node node, String key) {
    if (isNull(node)) {
      return List.of();
    }
    var elements =
        node instanceof SequenceNode sequence
            ? sequence.getValue()
            : List.of(node); // one is a list
    var values = new ArrayList<Object>();
    boolean faulty = false;
    for (int i = 0; i < elements.size(); i++) {
      try {
        values.add(value(element, elements.get(i), key + "[" + i + "]"));
      } catch (Fault e) {
        faulty = true;
      }
    }
    if (faulty) {
      throw new Fault();
    }
    return List.copyOf(values);
  }

  private Map<Object, Object> map(Class<?> keyType, Type element, Node node, String key) {
    if (isNull(node)) {
      return Map.of();
    }
    if (!(node instanceof MappingNode mapping)) {
      throw fault(node, key, "expected a mapping of names to values but found " + kind(node));
    }
    var values = new LinkedHashMap<Object, Object>();
    boolean faulty = doublets(mapping, key);
    for (var tuple : mapping.getValue()) {
      var name = text(tuple.getKeyNode());
      var path = key + "." + name;
      try {
        var at =
            keyType == String.class ? name : scalar(keyType, (ScalarNode) tuple.getKeyNode(), path);
        values.put(at, value(element, tuple.getValueNode(), path));
      } catch (Fault e) {
        faulty = true;
      }
    }
    if (faulty) {
      throw new Fault();
    }
    return java.util.Collections.unmodifiableMap(values);
  }

  private Object variant(Class<?> type, Node node, String key) {
    var variants = new LinkedHashMap<String, Class<?>>();
    for (var permitted : type.getPermittedSubclasses()) {
      variants.put(Names.kebab(permitted.getSimpleName()), permitted);
    }
    var expected = "expected a mapping with one key of " + String.join(", ", variants.keySet());
    if (!(node instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
      throw fault(node, key, expected);
    }
    var tuple = mapping.getValue().getFirst();
    var name = text(tuple.getKeyNode());
    var chosen = variants.get(name);
    if (chosen == null) {
      throw fault(tuple.getKeyNode(), key, expected + suggestion(name, variants.keySet()));
    }
    return value(chosen, tuple.getValueNode(), key + "." + name);
  }

  private Object record(Class<?> type, Node node, String key) {
    boolean faulty = false;
    var given = new LinkedHashMap<String, Node>();
    var keys = new LinkedHashMap<String, Node>();
    if (node instanceof MappingNode mapping) {
      faulty |= doublets(mapping, key);
      for (var tuple : mapping.getValue()) {
        given.put(text(tuple.getKeyNode()), tuple.getValueNode());
        keys.put(text(tuple.getKeyNode()), tuple.getKeyNode());
      }
    } else if (!isNull(node)) {
      throw fault(node, key, "expected a mapping of keys to values but found " + kind(node));
    }
    var components = type.getRecordComponents();
    var known = Arrays.stream(components).map(c -> Names.kebab(c.getName())).toList();
    for (var name : given.keySet()) {
      if (!known.contains(name)) {
        problem(keys.get(name), path(key, name), "unknown key" + suggestion(name, known));
        faulty = true;
      }
    }
    var values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      var name = known.get(i);
      try {
        values[i] = component(components[i], given.get(name), node, path(key, name));
      } catch (Fault e) {
        faulty = true;
      }
    }
    if (faulty) {
      throw new Fault();
    }
    return construct(type, components, values, node, keys, key);
  }

  private Object component(
      RecordComponent component, @Nullable Node given, Node around, String key) {
    if (given != null) {
      return value(component.getGenericType(), given, key);
    }
    if (component.getType() == Optional.class) {
      return Optional.empty();
    }
    var mark = component.getAnnotation(Key.class);
    if (mark == null) {
      throw new IllegalStateException(
          component.getDeclaringRecord().getName() + "." + component.getName() + " lacks @Key");
    }
    if (mark.def().equals(Key.REQUIRED)) {
      throw fault(around, key, "is required: " + mark.value());
    }
    return value(component.getGenericType(), root(mark.def()), key);
  }

  private Object construct(
      Class<?> type,
      RecordComponent[] components,
      Object[] values,
      Node node,
      Map<String, Node> keys,
      String key) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case BadValue bad ->
            throw fault(
                where(bad, node, keys),
                path(key, bad.name().isEmpty() ? bad.key() : path(bad.key(), bad.name())),
                String.valueOf(bad.getMessage()));
        case IllegalArgumentException bad ->
            throw fault(node, key, String.valueOf(bad.getMessage()));
        case RuntimeException other -> throw other;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has no usable canonical constructor", e);
    }
  }

  /** The key that is at fault, or the name in the mapping that is its value. */
  private static Node where(BadValue bad, Node node, Map<String, Node> keys) {
    if (!bad.name().isEmpty() && node instanceof MappingNode mapping) {
      for (var tuple : mapping.getValue()) {
        if (text(tuple.getKeyNode()).equals(bad.key())
            && tuple.getValueNode() instanceof MappingNode inner) {
          for (var entry : inner.getValue()) {
            if (text(entry.getKeyNode()).equals(bad.name())) {
              return entry.getKeyNode();
            }
          }
        }
      }
    }
    return keys.getOrDefault(bad.key(), node);
  }

  /** Tells of keys given twice; which one is meant cannot be known. */
  private boolean doublets(MappingNode mapping, String key) {
    var first = new LinkedHashMap<String, Node>();
    boolean found = false;
    for (var tuple : mapping.getValue()) {
      var name = text(tuple.getKeyNode());
      var before = first.putIfAbsent(name, tuple.getKeyNode());
      if (before != null) {
        int line = before.getStartMark().map(m -> m.getLine() + 1).orElse(1);
        problem(tuple.getKeyNode(), path(key, name), "is given twice, first in line " + line);
        found = true;
      }
    }
    return found;
  }

  private Fault fault(Node node, String key, String message) {
    problem(node, key, message);
    return new Fault();
  }

  private void problem(@Nullable Node node, String key, String message) {
    var mark =
        node == null
            ? Optional.<org.snakeyaml.engine.v2.exceptions.Mark>empty()
            : node.getStartMark();
    problems.add(
        new Problem(
            file.toString(),
            mark.map(m -> m.getLine() + 1).orElse(1),
            mark.map(m -> m.getColumn() + 1).orElse(1),
            key,
            message));
  }

  private static String path(String key, String name) {
    return key.isEmpty() ? name : key + "." + name;
  }

  private static String suggestion(String name, java.util.Collection<String> known) {
    return Names.nearest(name, known)
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElseGet(() -> "; known here: " + String.join(", ", known));
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
  }

  private static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : kind(node);
  }

  private static String kind(Node node) {
    return switch (node) {
      case SequenceNode s -> "a list";
      case MappingNode m -> "a mapping";
      case ScalarNode s -> "\"" + s.getValue() + "\"";
      default -> "something else";
    };
  }
}
