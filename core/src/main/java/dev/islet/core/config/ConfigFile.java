package dev.islet.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A YAML 1.2 file that holds one configuration record.
 *
 * <p>Keys are the record's components in kebab case; unknown keys are faults with the nearest known
 * key. {@code ${NAME}} and {@code ${NAME:-fallback}} take an environment variable, {@code
 * ${file:/run/secrets/x}} the content of a file. Relative paths are relative to the file's folder.
 *
 * @param path where it lies
 * @param type the record it holds; its components carry {@link Key}
 */
public record ConfigFile<C extends Record>(Path path, Class<C> type) {
  /**
   * Reads the file as it is now.
   *
   * @throws ConfigException every fault, with line and column
   */
  public C read() {
    return parse(text(path), path, type, System.getenv());
  }

  private static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new ConfigException(
          List.of(
              new Problem(
                  path.toString(),
                  1,
                  1,
                  "",
                  "cannot be read: " + e + "; create it or name another")));
    }
  }

  /**
   * Reads a configuration from text.
   *
   * @param path for messages, and for the folder that relative paths start from
   * @param environment what {@code ${NAME}} may name
   */
  public static <C extends Record> C parse(
      String text, Path path, Class<C> type, Map<String, String> environment) {
    return new Binder(path, environment).bind(text, type);
  }

  /**
   * Reads one top-level key of a file whose other keys are somebody else's.
   *
   * @return empty if the file lacks the key
   * @throws ConfigException if the file or the value under the key cannot be read
   */
  public static <C extends Record> Optional<C> part(Path path, String key, Class<C> type) {
    return new Binder(path, System.getenv()).part(text(path), key, type);
  }

  /** The record with every key at its default; for records without required keys. */
  public static <C extends Record> C defaults(Class<C> type) {
    return parse("{}", Path.of("defaults.yaml"), type, Map.of());
  }
}
