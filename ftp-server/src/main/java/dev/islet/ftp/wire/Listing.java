package dev.islet.ftp.wire;

import dev.islet.ftp.model.Entry;
import dev.islet.ftp.model.Right;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Lines of listings, without their ends: {@code ls -l} style, facts (RFC 3659), time values. */
public final class Listing {
  private static final DateTimeFormatter TIME_VAL =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter RECENT =
      DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter OLD =
      DateTimeFormatter.ofPattern("MMM dd  uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final Duration HALF_A_YEAR = Duration.ofDays(180);

  /** The facts of MLST and MLSD, in the order they are told; all are told unless OPTS chooses. */
  public enum Fact {
    TYPE("type"),
    SIZE("size"),
    MODIFY("modify"),
    PERM("perm"),
    UNIQUE("unique"),
    UNIX_MODE("UNIX.mode");

    private final String token;

    Fact(String token) {
      this.token = token;
    }

    /** As written in replies. */
    public String token() {
      return token;
    }

    /** The fact of this name, in any case. */
    public static Optional<Fact> named(String name) {
      for (var fact : values()) {
        if (fact.token.equalsIgnoreCase(name)) {
          return Optional.of(fact);
        }
      }
      return Optional.empty();
    }
  }

  private Listing() {}

  /** One line of LIST. Clients parse it, so it follows {@code /bin/ls -l}; times are in UTC. */
  public static String unix(Entry entry, Instant now) {
    var age = Duration.between(entry.modified(), now);
    boolean recent = age.compareTo(HALF_A_YEAR) < 0 && age.compareTo(Duration.ofDays(-1)) > 0;
    return (entry.folder() ? "d" : "-")
        + bits(entry.mode())
        + "   1 ftp      ftp      "
        + "%12d".formatted(entry.size())
        + " "
        + (recent ? RECENT : OLD).format(entry.modified())
        + " "
        + entry.name();
  }

  private static String bits(int mode) {
    var out = new StringBuilder(9);
    for (int i = 8; i >= 0; i--) {
      out.append((mode >> i & 1) == 0 ? '-' : "xwr".charAt(i % 3));
    }
    return out.toString();
  }

  /** Facts and name as MLSD writes them (RFC 3659 section 7.2): {@code type=file;size=3; a.txt}. */
  public static String facts(Entry entry, Set<Fact> wanted, Set<Right> rights) {
    var out = new StringBuilder();
    for (var fact : wanted) {
      var value =
          switch (fact) {
            case TYPE -> entry.folder() ? "dir" : "file";
            case SIZE -> entry.folder() ? "" : Long.toString(entry.size());
            case MODIFY -> timeVal(entry.modified());
            case PERM -> perm(entry, rights);
            case UNIQUE -> entry.unique();
            case UNIX_MODE -> "0%03o".formatted(entry.mode());
          };
      if (!value.isEmpty()) {
        out.append(fact.token).append('=').append(value).append(';');
      }
    }
    return out.append(' ').append(entry.name()).toString();
  }

  /** What may be done with it, in the letters of RFC 3659 section 7.5.5. */
  private static String perm(Entry entry, Set<Right> rights) {
    var out = new StringBuilder();
    add(out, "a", !entry.folder() && rights.contains(Right.UPLOAD));
    add(out, "c", entry.folder() && rights.contains(Right.UPLOAD));
    add(out, "d", rights.contains(Right.DELETE));
    add(out, "e", entry.folder());
    add(out, "f", rights.contains(Right.RENAME));
    add(out, "l", entry.folder() && rights.contains(Right.LIST));
    add(out, "m", entry.folder() && rights.contains(Right.MKDIR));
    add(out, "p", entry.folder() && rights.contains(Right.DELETE));
    add(out, "r", !entry.folder() && rights.contains(Right.DOWNLOAD));
    add(out, "w", !entry.folder() && rights.contains(Right.UPLOAD));
    return out.toString();
  }

  private static void add(StringBuilder out, String letter, boolean when) {
    if (when) {
      out.append(letter);
    }
  }

  /** The line of FEAT that names the facts; a star marks those told without being asked for. */
  public static String feature(Set<Fact> wanted) {
    var out = new StringBuilder("MLST ");
    for (var fact : Fact.values()) {
      out.append(fact.token).append(wanted.contains(fact) ? "*;" : ";");
    }
    return out.toString();
  }

  /** Reads the facts of OPTS MLST, ignoring names that are not known (RFC 3659 section 7.9). */
  public static Set<Fact> chosen(String names) {
    var asked = new LinkedHashSet<Fact>();
    for (var name : names.split(";", -1)) {
      Fact.named(name.strip()).ifPresent(asked::add);
    }
    return asked;
  }

  /** A time as MDTM writes it: {@code 20261124083000}, in UTC (RFC 3659 section 2.3). */
  public static String timeVal(Instant time) {
    return TIME_VAL.format(time);
  }

  /** Reads a time value, with or without a fraction; empty if it is none. */
  public static Optional<Instant> parseTimeVal(String text) {
    if (!text.matches("\\d{14}(\\.\\d{1,9})?")) {
      return Optional.empty();
    }
    try {
      var whole = TIME_VAL.parse(text.substring(0, 14), Instant::from);
      if (text.length() == 14) {
        return Optional.of(whole);
      }
      var fraction = (text.substring(15) + "000000000").substring(0, 9);
      return Optional.of(whole.plusNanos(Long.parseLong(fraction)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
