package dev.islet.dns.store;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.MasterEntries;
import dev.islet.dns.wire.RecordText;
import dev.islet.dns.wire.WireName;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TTL;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Tokenizer;
import org.xbill.DNS.Type;

/**
 * Reads master files (RFC 1035 section 5, RFC 2308 section 4) with {@code $ORIGIN}, {@code $TTL},
 * {@code $INCLUDE} and BIND's {@code $GENERATE}. Every fault names file and line.
 *
 * <p>A record without a TTL takes that of {@code $TTL}, else that of the record before it, else the
 * minimum of the SOA record.
 *
 * <p>What is written in the plain way goes from the file's bytes to those of the zone by {@link
 * RecordText}, without an object made of it. Every other entry, directives and faults among them,
 * is read by dnsjava, which knows all types and says what is wrong.
 */
public final class MasterFile {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final int MAX_DEPTH = 16;
  private static final long CODE_TTL = 3_600;

  private final ZoneBuilder builder;
  private final RecordText text = new RecordText();
  private byte[] owner = new byte[WireName.MAX]; // of the record before
  private int ownerLength; // 0 before the first
  private byte[] next = new byte[WireName.MAX];
  private long defaultTtl = -1;
  private long lastTtl = -1;
  private boolean warned;

  private MasterFile(ZoneBuilder builder) {
    this.builder = builder;
    this.warned = builder.isMixed();
  }

  /** Reads a zone from a file. */
  public static Zone read(Path file, Name origin) throws ZoneFault {
    var builder = new ZoneBuilder(origin);
    new MasterFile(builder).file(file, origin, 0);
    return finish(builder, file.toString());
  }

  /**
   * Makes a zone of single lines, as code and configuration have them. What a zone needs at its top
   * is made up where it is missing.
   *
   * @param lines one record each, names relative to the origin
   * @param where begins every fault, as in {@code zones.home.arpa.records}
   */
  public static Zone lines(List<String> lines, Name origin, String where) throws ZoneFault {
    var builder = new ZoneBuilder(origin);
    top(builder, origin, lines);
    for (int i = 0; i < lines.size(); i++) {
      var reader = new MasterFile(builder);
      reader.defaultTtl = CODE_TTL;
      reader.last(origin);
      try {
        reader.entries(entries(lines.get(i)), where + "[" + i + "]", origin, null, 0);
      } catch (IOException e) {
        throw new ZoneFault(where + "[" + i + "]", 1, "cannot be read: " + e.getMessage());
      }
    }
    return finish(builder, where);
  }

  private static void top(ZoneBuilder builder, Name origin, List<String> lines) throws ZoneFault {
    var has = new ZoneBuilder(origin);
    for (var line : lines) {
      var probe = new MasterFile(has);
      probe.defaultTtl = CODE_TTL;
      probe.warned = true;
      probe.last(origin);
      try {
        probe.entries(entries(line), "", origin, null, 0);
      } catch (ZoneFault | IOException e) {
        return; // told with its place when the lines are read in earnest
      }
    }
    var host = child("ns", origin);
    if (!has.hasAtTop(Type.SOA)) {
      builder.add(
          new SOARecord(
              origin,
              DClass.IN,
              CODE_TTL,
              host,
              child("hostmaster", origin),
              1,
              3_600,
              900,
              1_209_600,
              300));
    }
    if (!has.hasAtTop(Type.NS)) {
      builder.add(new NSRecord(origin, DClass.IN, CODE_TTL, host));
    }
  }

  private static MasterEntries entries(String text) {
    return new MasterEntries((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static Name child(String label, Name origin) {
    try {
      return Name.concatenate(Name.fromConstantString(label), origin);
    } catch (org.xbill.DNS.NameTooLongException e) {
      return origin;
    }
  }

  private static Zone finish(ZoneBuilder builder, String where) throws ZoneFault {
    var lack = builder.incomplete();
    if (lack.isPresent()) {
      throw new ZoneFault(where, 0, lack.get());
    }
    return builder.build();
  }

  private void file(Path file, Name origin, int depth) throws ZoneFault {
    if (depth > MAX_DEPTH) {
      throw new ZoneFault(file.toString(), 0, MAX_DEPTH + " files include one another");
    }
    try (var in = Files.newInputStream(file)) {
      entries(new MasterEntries(in::read), file.toString(), origin, file, depth);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new ZoneFault(file.toString(), 0, "there is no such file");
    } catch (IOException e) {
      throw new ZoneFault(file.toString(), 0, "cannot be read: " + e.getMessage());
    }
  }

  private void entries(
      MasterEntries entries, String where, Name start, @Nullable Path file, int depth)
      throws IOException, ZoneFault {
    var origin = start;
    var wire = origin.toWire();
    while (entries.next()) {
      if (entries.words() == 0 && !entries.isOdd()) {
        continue;
      }
      var place = new Place(where, entries.line());
      if (plain(entries, wire, place)) {
        continue;
      }
      try (var in = new Tokenizer(new ByteArrayInputStream(entries.copy()))) {
        origin = statement(in, origin, place, file, depth);
        wire = origin.toWire();
      } catch (IOException | RuntimeException e) {
        throw place.fault(phrase(e));
      }
    }
  }

  /** Adds a record that is written in the plain way; false if it is not, and nothing was done. */
  private boolean plain(MasterEntries entry, byte[] origin, Place place) throws ZoneFault {
    int word = 0;
    int length = ownerLength;
    if (entry.isOdd() || entry.isLed() && length == 0) {
      return false;
    }
    if (!entry.isLed()) {
      length =
          entry.bytes()[entry.from(0)] == '$' ? -1 : RecordText.name(entry, word++, origin, next);
    }
    long ttl = -1;
    boolean sawClass = false;
    int type = -1;
    while (length > 0 && type < 0 && word < entry.words()) {
      long number = ttl < 0 ? RecordText.number(entry, word, RrSet.MAX_TTL) : -1;
      if (number >= 0) {
        ttl = number;
      } else if (!sawClass && RecordText.isIn(entry, word)) {
        sawClass = true;
      } else {
        type = RecordText.type(entry, word);
        length = type < 0 ? -1 : length;
      }
      word++;
    }
    ttl = ttl < 0 ? inherited(type) : ttl;
    int size = length < 0 || type < 0 || ttl < 0 ? -1 : text.read(entry, type, word, origin);
    if (size < 0) {
      return false;
    }
    if (!entry.isLed()) {
      var before = owner;
      owner = next;
      next = before;
      ownerLength = length;
    }
    lastTtl = ttl;
    added(builder.add(owner, length, type, ttl, text.data(), size), place);
    return true;
  }

  /** Takes note of the owner that records without one have. */
  private void last(Name name) {
    var wire = name.toWire();
    System.arraycopy(wire, 0, owner, 0, wire.length);
    ownerLength = wire.length;
  }

  /** The origin after one entry. */
  private Name statement(Tokenizer in, Name origin, Place place, @Nullable Path file, int depth)
      throws IOException, ZoneFault {
    var token = in.get(true, false);
    if (token.type() == Tokenizer.WHITESPACE) {
      if (ownerLength == 0) {
        throw place.fault("a record without an owner, and none before it");
      }
      record(in, new Name(Arrays.copyOf(owner, ownerLength)), origin, place);
      return origin;
    }
    if (token.type() == Tokenizer.EOF || token.type() == Tokenizer.EOL) {
      return origin;
    }
    var word = token.value();
    if (word.startsWith("$")) {
      return directive(in, word, origin, place, file, depth);
    }
    var name = Name.fromString(word, origin);
    last(name);
    record(in, name, origin, place);
    return origin;
  }

  private Name directive(
      Tokenizer in, String word, Name origin, Place place, @Nullable Path file, int depth)
      throws IOException, ZoneFault {
    switch (word.toUpperCase(java.util.Locale.ROOT)) {
      case "$ORIGIN" -> {
        var next = in.getName(origin.equals(Name.root) ? Name.root : origin);
        in.getEOL();
        return next;
      }
      case "$TTL" -> {
        defaultTtl = in.getTTL();
        in.getEOL();
      }
      case "$INCLUDE" -> {
        if (file == null) {
          throw place.fault("$INCLUDE is only for files");
        }
        var other = file.resolveSibling(in.getString());
        var token = in.get();
        var inside = origin;
        if (token.isString()) {
          inside = Name.fromString(token.value(), origin);
          in.getEOL();
        }
        var before = owner.clone();
        int length = ownerLength;
        file(other, inside, depth + 1);
        owner = before; // RFC 1035 section 5.1: the origin and owner go on as before
        ownerLength = length;
      }
      case "$GENERATE" -> generate(in, origin, place);
      default ->
          throw place.fault(
              "unknown directive " + word + "; known: $ORIGIN, $TTL, $INCLUDE, $GENERATE");
    }
    return origin;
  }

  /** {@code $GENERATE 1-9/2 host-$ A 192.168.7.$}: BIND's shorthand for many records. */
  private void generate(Tokenizer in, Name origin, Place place) throws IOException, ZoneFault {
    var range = Generate.parse(in.getIdentifier());
    var pattern = in.getIdentifier();
    var head = head(in, place);
    if (head.ttl() < 0) {
      throw place.fault("no TTL: write one, or $TTL before it (RFC 2308 section 4)");
    }
    var data = in.getString();
    in.getEOL();
    for (long number = range.from(); number <= range.to(); number += range.step()) {
      var owner = Name.fromString(Generate.expand(pattern, number), origin);
      var text = Generate.expand(data, number);
      add(Record.fromString(owner, head.type(), DClass.IN, head.ttl(), text, origin), place);
    }
  }

  private record Head(long ttl, int type, boolean explicit) {}

  /** TTL and class in either order, both optional, then the type. */
  private Head head(Tokenizer in, Place place) throws IOException, ZoneFault {
    long ttl = -1;
    boolean sawClass = false;
    while (true) {
      var word = in.getString();
      int type = Type.value(word, false);
      if (!sawClass && DClass.value(word) >= 0) {
        if (DClass.value(word) != DClass.IN) {
          throw place.fault("class " + word + " is not served, only IN");
        }
        sawClass = true;
      } else if (ttl < 0 && !word.isEmpty() && Character.isDigit(word.charAt(0))) {
        ttl = TTL.parse(word, false);
        if (ttl > RrSet.MAX_TTL) {
          throw place.fault("a TTL above 2147483647 (RFC 2181 section 8)");
        }
      } else if (type >= 0) {
        return new Head(ttl >= 0 ? ttl : inherited(type), type, ttl >= 0);
      } else {
        throw place.fault("\"" + word + "\" is neither a TTL, nor a class, nor a type of record");
      }
    }
  }

  private long inherited(int type) {
    if (defaultTtl >= 0) {
      return defaultTtl;
    }
    return lastTtl >= 0 || type != Type.SOA ? lastTtl : 0;
  }

  private void record(Tokenizer in, Name owner, Name origin, Place place)
      throws IOException, ZoneFault {
    var head = head(in, place);
    if (head.ttl() < 0) {
      throw place.fault("no TTL: write one, or $TTL before it (RFC 2308 section 4)");
    }
    var record = Record.fromString(owner, head.type(), DClass.IN, head.ttl(), in, origin);
    if (record instanceof SOARecord soa && defaultTtl < 0 && !head.explicit() && lastTtl < 0) {
      lastTtl = soa.getMinimum();
      record = Record.newRecord(owner, Type.SOA, DClass.IN, lastTtl, record.rdataToWireCanonical());
    } else {
      lastTtl = head.ttl();
    }
    add(record, place);
  }

  private void add(Record record, Place place) throws ZoneFault {
    added(builder.add(record), place);
  }

  private void added(Optional<String> wrong, Place place) throws ZoneFault {
    if (wrong.isPresent()) {
      throw place.fault(wrong.get());
    }
    if (builder.isMixed() && !warned) {
      warned = true;
      LOG.log(
          Level.WARNING,
          () ->
              "service=dns "
                  + place.fault(
                      "another TTL than that of the records before of the same name and type;"
                          + " all have the lowest (RFC 2181 section 5.2); there may be more such"));
    }
  }

  private record Place(String where, int line) {
    ZoneFault fault(String what) {
      return new ZoneFault(where, line, what);
    }
  }

  /** The fault without the place that the tokenizer puts before it. */
  private static String phrase(Exception e) {
    var text = String.valueOf(e.getMessage());
    return e instanceof TextParseException ? text.replaceFirst("^<[^>]*>:\\d+: ", "") : text;
  }
}
