package dev.islet.web.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a message in the order they came or go; names compare without regard to case (RFC
 * 9110 section 5.1).
 */
public record Headers(List<Field> fields) {
  /** No fields. */
  public static final Headers NONE = new Headers(List.of());

  public Headers {
    fields = List.copyOf(fields);
  }

  /**
   * One field line.
   *
   * @throws IllegalArgumentException if the name is not a token or the value holds a control
   *     character, so that no value can end the line and begin another
   */
  public record Field(String name, String value) {
    public Field {
      if (name.isEmpty() || !name.chars().allMatch(Field::isToken)) {
        throw new IllegalArgumentException("\"" + name + "\" is not the name of a header");
      }
      if (value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7F)) {
        throw new IllegalArgumentException("the value of " + name + " holds a control character");
      }
    }

    private static boolean isToken(int c) {
      return c >= 'a' && c <= 'z'
          || c >= 'A' && c <= 'Z'
          || c >= '0' && c <= '9'
          || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
  }

  /** Name, value, name, value, … */
  public static Headers of(String... namesAndValues) {
    var fields = new ArrayList<Field>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new Headers(fields);
  }

  /** The value of the first field of that name. */
  public Optional<String> first(String name) {
    for (var field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  /** The values of all fields of that name, one after the other as a list (section 5.3). */
  public Optional<String> joined(String name) {
    var all = all(name);
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", all));
  }

  /** The values of all fields of that name. */
  public List<String> all(String name) {
    return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).map(Field::value).toList();
  }

  /** These with one more field at the end. */
  public Headers and(String name, String value) {
    var more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new Headers(more);
  }

  /** These with one field in place of all of its name. */
  public Headers with(String name, String value) {
    return without(name).and(name, value);
  }

  /** These but for the fields of that name. */
  public Headers without(String name) {
    return new Headers(fields.stream().filter(f -> !f.name().equalsIgnoreCase(name)).toList());
  }
}
