package dev.islet.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CDNSKEYRecord;
import org.xbill.DNS.CDSRecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.HTTPSRecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.NSEC3PARAMRecord;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SSHFPRecord;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.SVCBRecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.Tokenizer;
import org.xbill.DNS.Type;

/** dnsjava is the referee of what plain records mean, and of where entries and words end. */
class RecordTextTest {
  private static final Name ORIGIN = Name.fromConstantString("Home.Arpa.");
  private static final int IN = DClass.IN;

  private static MasterEntries entry(String text) throws IOException {
    var entry = new MasterEntries(text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(entry.next()).isTrue();
    return entry;
  }

  /** Type and data of a text like {@code MX 10 mail}; null if it is left to dnsjava. */
  private static byte[] read(String text) throws IOException {
    var entry = entry(text);
    int type = RecordText.type(entry, 0);
    var reader = new RecordText();
    int size = type < 0 || entry.isOdd() ? -1 : reader.read(entry, type, 1, ORIGIN.toWire());
    return size < 0 ? null : Arrays.copyOf(reader.data(), size);
  }

  private static byte[] octets(Random random, int least, int most) {
    var octets = new byte[random.nextInt(least, most + 1)];
    random.nextBytes(octets);
    return octets;
  }

  private static Name name(Random random) throws IOException {
    if (random.nextInt(20) == 0) {
      return Name.root;
    }
    var wire = new java.io.ByteArrayOutputStream();
    int labels = random.nextInt(1, 6);
    for (int i = 0; i < labels; i++) {
      var label =
          random.nextInt(4) == 0
              ? octets(random, 1, random.nextInt(6) == 0 ? 45 : 6)
              : ("Host-" + random.nextInt(100)).getBytes(StandardCharsets.US_ASCII);
      wire.write(label.length);
      wire.writeBytes(label);
    }
    wire.write(0);
    return random.nextInt(3) == 0
        ? Name.concatenate(new Name(wire.toByteArray()).relativize(Name.root), ORIGIN)
        : new Name(wire.toByteArray());
  }

  private static int[] types(Random random) {
    var all = new int[] {1, 2, 5, 6, 15, 16, 28, 33, 43, 46, 47, 48, 50, 51, 64, 65};
    return random.ints(random.nextInt(1, 8), 0, all.length).map(i -> all[i]).distinct().toArray();
  }

  private static Record record(Random random) throws IOException {
    var owner = name(random);
    int number = random.nextInt(0x10000);
    int small = random.nextInt(0x100);
    return switch (random.nextInt(22)) {
      case 0 -> new ARecord(owner, IN, 60, InetAddress.getByAddress(octets(random, 4, 4)));
      case 1 -> {
        var address = octets(random, 16, 16);
        for (int i = 0; i < 16; i += 2) {
          if (random.nextBoolean()) {
            address[i] = 0;
            address[i + 1] = (byte) random.nextInt(2);
          }
        }
        yield new AAAARecord(owner, IN, 60, address);
      }
      case 2 -> new NSRecord(owner, IN, 60, name(random));
      case 3 -> new CNAMERecord(owner, IN, 60, name(random));
      case 4 -> new PTRRecord(owner, IN, 60, name(random));
      case 5 -> new DNAMERecord(owner, IN, 60, name(random));
      case 6 -> new MXRecord(owner, IN, 60, number, name(random));
      case 7 -> new SRVRecord(owner, IN, 60, number, small, random.nextInt(0x10000), name(random));
      case 8 -> {
        var strings = new ArrayList<byte[]>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          strings.add(octets(random, 0, random.nextInt(5) == 0 ? 255 : 12));
        }
        yield txt(owner, strings);
      }
      case 9 -> new CAARecord(owner, IN, 60, small, "issue", "ca.test; x=\"" + number);
      case 10 -> new DSRecord(owner, IN, 60, number, small, 2, octets(random, 32, 32));
      case 11 ->
          new RRSIGRecord(
              owner,
              IN,
              60,
              Type.AAAA,
              13,
              random.nextInt(Integer.MAX_VALUE),
              Instant.ofEpochSecond(random.nextInt() & 0xFFFF_FFFFL),
              Instant.ofEpochSecond(random.nextInt() & 0xFFFF_FFFFL),
              number,
              name(random),
              octets(random, 1, 80));
      case 12 -> new NSECRecord(owner, IN, 60, name(random), types(random));
      case 13 -> new TLSARecord(owner, IN, 60, small, 1, 2, octets(random, 1, 64));
      case 14 -> new SSHFPRecord(owner, IN, 60, small, 2, octets(random, 32, 32));
      case 15 ->
          new NAPTRRecord(
              owner,
              IN,
              60,
              number,
              small,
              "u",
              "E2U+sip",
              "!^\\\\d.*$!\"x; y\"" + small + "!",
              name(random));
      case 16 ->
          random.nextBoolean()
              ? new DNSKEYRecord(owner, IN, 60, 257, 3, 13, octets(random, 1, 80))
              : new CDNSKEYRecord(owner, IN, 60, 256, 3, small, octets(random, 1, 80));
      case 17 -> new CDSRecord(owner, IN, 60, number, small, 4, octets(random, 48, 48));
      case 18 -> new NSEC3PARAMRecord(owner, IN, 60, 1, small, number, octets(random, 0, 9));
      case 19, 20 -> service(random, owner);
      default ->
          new NSEC3Record(
              owner, IN, 60, 1, 1, 5, octets(random, 0, 8), octets(random, 20, 20), types(random));
    };
  }

  /** With each parameter or without, as it comes. */
  private static Record service(Random random, Name owner) throws IOException {
    var parameters = new ArrayList<SVCBBase.ParameterBase>();
    if (random.nextBoolean()) {
      parameters.add(
          new SVCBBase.ParameterAlpn(
              random.nextBoolean() ? List.of("h2") : List.of("h3", "h2", "x")));
    }
    if (random.nextBoolean()) {
      parameters.add(new SVCBBase.ParameterPort(random.nextInt(0x10000)));
    }
    if (random.nextBoolean()) {
      var hint = new SVCBBase.ParameterIpv4Hint();
      hint.fromWire(octets(random, 8, 8));
      parameters.add(hint);
    }
    if (random.nextBoolean()) {
      var hint = new SVCBBase.ParameterIpv6Hint();
      hint.fromWire(octets(random, 16, 16));
      parameters.add(hint);
    }
    int priority = random.nextInt(0x10000);
    return random.nextBoolean()
        ? new HTTPSRecord(owner, IN, 60, priority, name(random), parameters)
        : new SVCBRecord(owner, IN, 60, priority, name(random), parameters);
  }

  private static Record txt(Name owner, List<byte[]> strings) throws IOException {
    var data = new java.io.ByteArrayOutputStream();
    for (var string : strings) {
      data.write(string.length);
      data.writeBytes(string);
    }
    return Record.newRecord(owner, Type.TXT, IN, 60, data.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void what_dnsjava_writes_is_read_as_it_was(long seed) throws IOException {
    var random = new Random(seed);
    var seen = new java.util.BitSet();
    for (int i = 0; i < 4_000; i++) {
      var record = record(random);
      var text = record.rdataToString().replace('\n', ' ');
      var read = read(Type.string(record.getType()) + " " + text);
      assertThat(read).as("%s", record).isEqualTo(ResponseWriter.data(record));
      seen.set(record.getType());
      var owner = new byte[WireName.MAX];
      int length = RecordText.name(entry(record.getName().toString()), 0, new byte[1], owner);
      assertThat(Arrays.copyOf(owner, Math.max(0, length)))
          .as("%s", record.getName())
          .isEqualTo(record.getName().toWire());
    }
    assertThat(seen.cardinality()).isEqualTo(23);
  }

  /** What was damaged is refused, or means to dnsjava what it means to us. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void what_is_taken_means_the_same_to_dnsjava(long seed) throws IOException {
    var random = new Random(seed);
    var signs = " .\\\"();:-0123456789aAfFzZ@#=+/\t";
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      var record = record(random);
      var text =
          new StringBuilder(
              Type.string(record.getType()) + " " + record.rdataToString().replace('\n', ' '));
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(text.length());
        char sign = signs.charAt(random.nextInt(signs.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, sign);
          case 1 -> text.insert(at, sign);
          default -> text.deleteCharAt(at);
        }
      }
      var read = read(text.toString());
      if (read == null) {
        continue;
      }
      taken++;
      try (var in =
          new Tokenizer(
              new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.ISO_8859_1)))) {
        int type = Type.value(in.getString());
        var theirs = Record.fromString(ORIGIN, type, IN, 60, in, ORIGIN);
        assertThat(read).as(text.toString()).isEqualTo(ResponseWriter.data(theirs));
      } catch (IOException | RuntimeException e) {
        throw new AssertionError(text + " is refused by dnsjava", e);
      }
    }
    assertThat(taken).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A 1.2.3",
        "A 1.2.3.4.5",
        "A 1.2.3.256",
        "A 01.2.3.4",
        "A 1..3.4",
        "A \"1.2.3.4\"",
        "AAAA 1:2:3:4:5:6:7",
        "AAAA 1:2:3:4:5:6:7:8:9",
        "AAAA ::1::2",
        "AAAA 1:2:3:4:5:6:7:8:",
        "AAAA ::1.2.3.4",
        "AAAA 12345::",
        "AAAA :",
        "MX 10",
        "MX 65536 a",
        "MX a 10",
        "NS a b",
        "NS a..b",
        "NS .a",
        "NS \\25",
        "NS \\256",
        "NS \"a\"",
        "TXT",
        "TXT \\# 1 00",
        "TXT \"open",
        "TXT a\\",
        "DS 1 2 2 00",
        "DS 1 2 2 0",
        "RRSIG A 13 2 1 20300101000000 1 1 a. AA==",
        "SOA a b 1 2 3 4 5",
        "TLSA 3 1 1",
        "TLSA 3 1 256 00",
        "SSHFP 1 1 0",
        "NAPTR 1 2 S x y",
        "DNSKEY 257 3 RSASHA256 AA==",
        "NSEC3PARAM 1 0 0 ab cd",
        "HTTPS 1 . alpn=h2 alpn=h3",
        "HTTPS 1 . port=443 alpn=h2",
        "HTTPS 1 . alpn=h2,",
        "HTTPS 1 . alpn=",
        "HTTPS 1 . port=1,2",
        "HTTPS 1 . port",
        "HTTPS 1 . ech=AA==",
        "HTTPS 1 . mandatory=alpn alpn=h2",
        "HTTPS 1 . ipv4hint=1.2.3",
        "HTTPS 1 . alpn=h\\2",
        "TYPE1 \\# 4 01020304",
        "A (1.2.3.4",
        "A 1.2.3.4)",
        "A",
      })
  void what_is_not_plain_is_left_to_others(String text) throws IOException {
    assertThat(read(text)).as(text).isNull();
  }

  /** RFC 1035 section 5.1 knows octets, no character sets: UTF-8 in a file stays what it is. */
  @Test
  void octets_above_ascii_are_taken_as_they_are() throws IOException {
    assertThat(read("TXT \"caf\u00C3\u00A9\""))
        .isEqualTo(new byte[] {5, 'c', 'a', 'f', (byte) 0xC3, (byte) 0xA9});
  }

  /** Words are those of dnsjava's tokenizer, however the bytes come in. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void entries_and_words_end_where_they_do_for_dnsjava(long seed) throws IOException {
    var random = new Random(seed);
    var signs = "ab \t\n\n();\"\\\r";
    for (int round = 0; round < 3_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(signs.charAt(random.nextInt(signs.length())));
      }
      var bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      var in = new ByteArrayInputStream(bytes);
      var entries = new MasterEntries((into, from, room) -> in.read(into, from, 1));
      try (var theirs = new Tokenizer(new ByteArrayInputStream(bytes))) {
        while (entries.next() && !entries.isOdd()) {
          for (int word = 0; word < entries.words(); word++) {
            var token = theirs.get();
            assertThat(token.type())
                .as(text.toString())
                .isEqualTo(entries.isQuoted(word) ? Tokenizer.QUOTED_STRING : Tokenizer.IDENTIFIER);
            int from = entries.from(word);
            assertThat(token.value())
                .as(text.toString())
                .isEqualTo(
                    new String(
                        entries.bytes(),
                        from,
                        entries.end(word) - from,
                        StandardCharsets.ISO_8859_1));
          }
          assertThat(theirs.get().type()).as(text.toString()).isIn(Tokenizer.EOL, Tokenizer.EOF);
        }
      }
    }
  }

  /** An entry longer than what is read at once is whole all the same, and lines are counted. */
  @Test
  void long_entries_and_lines() throws IOException {
    var text = "a\r\nb (" + "x \n".repeat(50_000) + ")\n\"c\" ; comment\n\td";
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    var entries = new MasterEntries(in::read);
    var seen = new ArrayList<String>();
    while (entries.next()) {
      seen.add(entries.line() + ":" + entries.words() + (entries.isLed() ? " led" : ""));
    }
    assertThat(seen).containsExactly("1:1", "2:50001", "50003:1", "50004:1 led");
  }
}
