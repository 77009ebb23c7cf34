package dev.islet.ftp.wire;

import java.util.Locale;

/**
 * One line of a client (RFC 959 section 5.3): a verb, and what follows its first space.
 *
 * @param verb in upper case; empty for an empty line
 * @param argument all that follows the space, spaces included; empty if nothing does
 */
public record Command(String verb, String argument) {
  /** Reads a line without its end. */
  public static Command of(String line) {
    int space = line.indexOf(' ');
    return space < 0
        ? new Command(line.toUpperCase(Locale.ROOT), "")
        : new Command(line.substring(0, space).toUpperCase(Locale.ROOT), line.substring(space + 1));
  }

  /** The line as it may be shown: nothing of a password. */
  public String shown() {
    return switch (verb) {
      case "PASS", "ACCT" -> verb + " ***";
      default -> {
        // Somebody who types the password where a verb belongs, or writes "PASS\tsecret".
        boolean suspicious = verb.startsWith("PASS") || verb.startsWith("ACCT");
        yield suspicious ? "PASS ***" : argument.isEmpty() ? verb : verb + " " + argument;
      }
    };
  }
}
