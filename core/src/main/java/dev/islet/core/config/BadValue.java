package dev.islet.core.config;

/**
 * Thrown by the constructor of a configuration record when values that are each well-formed do not
 * fit together; the reader reports it at the line of the key it names.
 */
public final class BadValue extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String key;

  /**
   * @param key the component's name, or its key
   * @param expectation what was expected, and what was found
   */
  public BadValue(String key, String expectation) {
    super(expectation);
    this.key = Names.kebab(key);
  }

  /** The key as written in a file. */
  public String key() {
    return key;
  }
}
