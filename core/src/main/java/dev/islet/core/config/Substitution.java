package dev.islet.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Replaces {@code ${NAME}}, {@code ${NAME:-fallback}} and {@code ${file:PATH}} in a scalar. */
final class Substitution {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> environment;
  private final Path folder;

  Substitution(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /** Throws IllegalArgumentException that says which variable or file is missing. */
  String apply(String text) {
    if (text.indexOf("${") < 0) {
      return text;
    }
    var matcher = REFERENCE.matcher(text);
    var out = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(
          out, java.util.regex.Matcher.quoteReplacement(value(matcher.group(1))));
    }
    return matcher.appendTail(out).toString();
  }

  private String value(String reference) {
    if (reference.startsWith("file:")) {
      var file = folder.resolve(reference.substring("file:".length()));
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new IllegalArgumentException("cannot read the secret " + file + ": " + e, e);
      }
    }
    int dash = reference.indexOf(":-");
    var name = dash < 0 ? reference : reference.substring(0, dash);
    var found = environment.get(name);
    if (found != null) {
      return found;
    }
    if (dash >= 0) {
      return reference.substring(dash + 2);
    }
    throw new IllegalArgumentException(
        "the environment variable "
            + name
            + " is not set; set it or write ${"
            + name
            + ":-default}");
  }
}
