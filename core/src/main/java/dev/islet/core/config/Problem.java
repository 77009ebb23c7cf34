package dev.islet.core.config;

/**
 * One fault of a configuration file.
 *
 * @param file as the operator named it
 * @param line from 1
 * @param column from 1
 * @param key the path of the key, {@code zones[0].file}; empty for the whole file
 * @param message what was expected and what to do
 */
public record Problem(String file, int line, int column, String key, String message) {
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
