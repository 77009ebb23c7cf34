package dev.islet.core.config;

/**
 * Thrown by the constructor of a configuration record when values that are each well-formed do not
 * fit together; the reader reports it at the line of the key it names.
 */
public final class BadValue extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String key;
  private final String name;

  /**
   * @param key the component's name, or its key
   * @param expectation what was expected, and what was found
   */
  public BadValue(String key, String expectation) {
    super(expectation);
    this.key = Names.kebab(key);
    this.name = "";
  }

  /** A bad value in a mapping of names to values. */
  public static BadValue at(String key, String name, String expectation) {
    return new BadValue(key, name, expectation);
  }

  private BadValue(String key, String name, String expectation) {
    super(expectation);
    this.key = Names.kebab(key);
    this.name = name;
  }

  /** The name in the mapping that is the key's value, if the fault is there; else empty. */
  public String name() {
    return name;
  }

  /** The key as written in a file. */
  public String key() {
    return key;
  }
}
