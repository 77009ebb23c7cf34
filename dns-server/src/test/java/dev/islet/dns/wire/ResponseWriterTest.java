package dev.islet.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.*;
import org.xbill.DNS.Record;

class ResponseWriterTest {
  private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", 53);
  private final ResponseWriter writer =
      new ResponseWriter(Optional.of("pi"), Duration.ofSeconds(10));
  private final Random random = new Random(42);

  private static Request request(String name, int type, Optional<Request.Edns> edns, boolean tcp) {
    var question = new Question(Name.fromConstantString(name), type, 1);
    return new Request(
        0x1234, 0x0110, question, edns, HERE, HERE, tcp ? Transport.TCP : Transport.UDP);
  }

  private static Optional<Request.Edns> edns(int size) {
    return Optional.of(new Request.Edns(size, 0, true, true));
  }

  @Test
  void whatever_is_written_reads_back_the_same_with_another_library() throws IOException {
    for (int round = 0; round < 3_000; round++) {
      var request = request(name(), Type.A, round % 2 == 0 ? edns(4096) : Optional.empty(), true);
      var answer =
          new Answer(
              random.nextInt(6),
              random.nextBoolean(),
              sets(random.nextInt(6)),
              sets(random.nextInt(3)),
              sets(random.nextInt(4)),
              false,
              Optional.empty());
      var bytes = writer.write(request, answer, true);
      assertThat(new MessageView().read(ByteBuffer.wrap(bytes))).isTrue();
      var read = new Message(bytes);
      assertThat(read.getHeader().getID()).isEqualTo(0x1234);
      assertThat(read.getRcode()).isEqualTo(answer.rcode());
      assertThat(read.getHeader().getFlag(Flags.QR)).isTrue();
      assertThat(read.getHeader().getFlag(Flags.TC)).isFalse();
      assertThat(read.getHeader().getFlag(Flags.RD)).isTrue();
      assertThat(read.getHeader().getFlag(Flags.CD)).isTrue();
      assertThat(read.getHeader().getFlag(Flags.AA)).isEqualTo(answer.authoritative());
      same(read.getSection(Section.ANSWER), answer.answer());
      same(read.getSection(Section.AUTHORITY), answer.authority());
      var additional = new ArrayList<>(read.getSection(Section.ADDITIONAL));
      additional.removeIf(r -> r.getType() == Type.OPT);
      same(additional, answer.additional());
      assertThat(read.getOPT() != null).isEqualTo(request.edns().isPresent());
    }
  }

  @Test
  void authentic_data_is_told_of_secure_answers_to_those_who_know_the_bit() throws IOException {
    var plain = request("www.example.", Type.A, Optional.empty(), false);
    var asking =
        new Request(1, 0x0120, plain.question(), Optional.empty(), HERE, HERE, plain.transport());
    var signed = request("www.example.", Type.A, edns(1232), false);
    for (var security : dev.islet.dns.model.Security.values()) {
      var answer =
          new Answer(0, false, List.of(), List.of(), List.of(), false, Optional.empty(), security);
      boolean secure = security == dev.islet.dns.model.Security.SECURE;
      assertThat(authentic(plain, answer)).isFalse();
      assertThat(authentic(asking, answer)).isEqualTo(secure);
      assertThat(authentic(signed, answer)).isEqualTo(secure);
    }
  }

  private boolean authentic(Request request, Answer answer) throws IOException {
    return new Message(writer.write(request, answer, true)).getHeader().getFlag(Flags.AD);
  }

  private static void same(List<Record> read, List<RrSet> written) {
    var expected = new ArrayList<String>();
    for (var set : written) {
      for (var record : set.records()) {
        // names inside data keep their case, owners may take over that of an earlier name
        expected.add(set.name().toString().toLowerCase() + set.ttl() + record.rdataToString());
      }
    }
    assertThat(
            read.stream()
                .map(r -> r.getName().toString().toLowerCase() + r.getTTL() + r.rdataToString()))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void names_are_compressed_only_where_old_readers_expect_it() {
    var srv =
        RrSet.of(new SRVRecord(n("_sip._udp.home.arpa."), 1, 60, 0, 0, 5060, n("voip.home.arpa.")));
    var mx = RrSet.of(new MXRecord(n("home.arpa."), 1, 60, 10, n("mail.home.arpa.")));
    var bytes =
        writer.write(
            request("home.arpa.", Type.ANY, Optional.empty(), true),
            Answer.of(List.of(srv, mx), true),
            false);
    var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(text.split("\u0004home", -1)).hasSize(3); // the question, and whole inside SRV
    assertThat(bytes.length).isLessThan(110);
  }

  @Test
  void a_set_is_in_whole_or_not_at_all_and_tc_says_so() throws IOException {
    var big = new ArrayList<Record>();
    for (int i = 0; i < 60; i++) {
      big.add(new TXTRecord(n("big.home.arpa."), 1, 60, "text number " + i));
    }
    var small = RrSet.of(a("big.home.arpa.", i(1)));
    var answer = Answer.of(List.of(small, RrSet.of(big)), true);
    var udp = writer.write(request("big.home.arpa.", Type.ANY, edns(4096), false), answer, true);
    assertThat(udp.length).isLessThanOrEqualTo(ResponseWriter.UDP_SIZE);
    var read = new Message(udp);
    assertThat(read.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(read.getSection(Section.ANSWER)).hasSize(1);
    assertThat(read.getOPT().getPayloadSize()).isEqualTo(ResponseWriter.UDP_SIZE);
    var tcp =
        new Message(writer.write(request("big.home.arpa.", 255, edns(512), true), answer, true));
    assertThat(tcp.getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(tcp.getSection(Section.ANSWER)).hasSize(61);
  }

  @Test
  void sizes_are_the_lesser_of_the_askers_and_ours() {
    for (int size : new int[] {0, 512, 700, 1232, 4096, 65_535}) {
      var request = request("x.home.arpa.", Type.TXT, edns(size), false);
      assertThat(ResponseWriter.limit(request)).isEqualTo(Math.clamp(size, 512, 1232));
      var records = new ArrayList<Record>();
      for (int i = 0; i < random.nextInt(80); i++) {
        records.add(a("x.home.arpa.", i(i)));
        var answer = Answer.of(List.of(RrSet.of(records)), true);
        assertThat(writer.write(request, answer, true).length)
            .isLessThanOrEqualTo(ResponseWriter.limit(request));
      }
    }
    assertThat(ResponseWriter.limit(request("x.", 1, Optional.empty(), false))).isEqualTo(512);
  }

  @Test
  void additional_sets_may_be_left_out_but_glue_may_not() throws IOException {
    var extra = new ArrayList<RrSet>();
    for (int i = 0; i < 100; i++) {
      extra.add(RrSet.of(a("host-with-a-long-name-" + i + ".home.arpa.", i(i))));
    }
    assertThat(cutFor(extra, "home.arpa.", false)).isFalse();
    assertThat(cutFor(extra, "home.arpa.", true)).isTrue();
    assertThat(cutFor(extra, "elsewhere.arpa.", true)).as("glue of siblings").isFalse();
  }

  private boolean cutFor(List<RrSet> additional, String owner, boolean glue) throws IOException {
    var ns = RrSet.of(new NSRecord(n(owner), 1, 60, n("ns.home.arpa.")));
    var answer = new Answer(0, false, List.of(), List.of(ns), additional, glue, Optional.empty());
    var read =
        new Message(writer.write(request("a.home.arpa.", 1, edns(1232), false), answer, true));
    assertThat(read.getSection(Section.AUTHORITY)).hasSize(1);
    return read.getHeader().getFlag(Flags.TC);
  }

  private static Request asked(
      Transport transport, boolean keepalive, boolean padding, Optional<Request.Cookie> cookie) {
    var edns = new Request.Edns(1232, 0, false, false, keepalive, padding, cookie);
    var question = new Question(n("x.home.arpa."), Type.A, 1);
    return new Request(1, 0, question, Optional.of(edns), HERE, HERE, transport);
  }

  @Test
  void only_encrypted_replies_to_those_who_pad_are_padded() throws IOException {
    var records = new ArrayList<Record>();
    for (int i = 0; i < 70; i++) {
      records.add(a("x.home.arpa.", i(i)));
      var answer = Answer.of(List.of(RrSet.of(records)), true);
      for (var transport : Transport.values()) {
        var padded = writer.write(asked(transport, false, true, Optional.empty()), answer, true);
        var plain = writer.write(asked(transport, false, false, Optional.empty()), answer, true);
        assertThat(new Message(padded).getSection(Section.ANSWER)).isNotEmpty();
        if (transport.encrypted()) {
          assertThat(padded.length % 468).isZero();
          assertThat(padded.length - plain.length).isLessThan(468 + 4);
        } else {
          assertThat(padded.length).isEqualTo(plain.length);
        }
      }
    }
    var huge = new ArrayList<Record>();
    for (int i = 0; i < 4_088; i++) {
      huge.add(a("x.home.arpa.", i(i)));
    }
    var reply =
        writer.write(
            asked(Transport.TLS, false, true, Optional.empty()),
            Answer.of(List.of(RrSet.of(huge)), true),
            true);
    assertThat(new Message(reply).getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(reply.length).isBetween(65_300, 65_535);
  }

  @Test
  void the_time_a_connection_may_be_idle_is_told_on_connections() throws IOException {
    for (var transport : Transport.values()) {
      var reply = writer.write(asked(transport, true, false, Optional.empty()), Answer.of(0), true);
      var options = new Message(reply).getOPT().getOptions(11);
      if (transport == Transport.TCP || transport == Transport.TLS) {
        assertThat(((TcpKeepaliveOption) options.getFirst()).getTimeout()).hasValue(100);
      } else {
        assertThat(options).isEmpty();
      }
    }
  }

  @Test
  void a_cookie_is_in_every_reply_a_cut_one_too() throws IOException {
    var cookie = Optional.of(new Request.Cookie(1, 2, 0xFFL, false));
    var request = asked(Transport.UDP, false, false, cookie);
    for (var bytes : List.of(writer.write(request, Answer.of(23), true), cut(request))) {
      var option = (CookieOption) new Message(bytes).getOPT().getOptions(10).getFirst();
      assertThat(option.getClientCookie()).containsExactly(0, 0, 0, 0, 0, 0, 0, 1);
      assertThat(option.getServerCookie().orElseThrow())
          .containsExactly(0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0xFF);
    }
  }

  private byte[] cut(Request request) throws IOException {
    var bytes = writer.writeCut(request, false);
    assertThat(new Message(bytes).getHeader().getFlag(Flags.TC)).isTrue();
    return bytes;
  }

  @Test
  void edns_carries_the_name_of_the_server_and_the_reason() throws IOException {
    var refused = Answer.of(Rcode.REFUSED, ExtendedError.PROHIBITED, "no");
    var read =
        new Message(writer.write(request("a.b.", Type.A, edns(1232), false), refused, false));
    assertThat(read.getOPT().getOptions(3)).hasSize(1);
    var error = (ExtendedErrorCodeOption) read.getOPT().getOptions(15).getFirst();
    assertThat(error.getErrorCode()).isEqualTo(18);
    assertThat(error.getText()).isEqualTo("no");
    var badvers = writer.write(request("a.b.", Type.A, edns(1232), false), Answer.of(16), false);
    assertThat(new Message(badvers).getRcode()).isEqualTo(Rcode.BADVERS);
  }

  private List<RrSet> sets(int count) {
    var sets = new ArrayList<RrSet>();
    for (int i = 0; i < count; i++) {
      var owner = n(name());
      sets.add(
          RrSet.of(
              switch (random.nextInt(9)) {
                case 0 -> new NSRecord(owner, 1, ttl(), n(name()));
                case 1 -> new MXRecord(owner, 1, ttl(), random.nextInt(99), n(name()));
                case 2 ->
                    new SOARecord(
                        owner, 1, ttl(), n(name()), n(name()), random.nextInt(9), 1, 2, 3, 4);
                case 3 -> new CNAMERecord(owner, 1, ttl(), n(name()));
                case 4 -> new SRVRecord(owner, 1, ttl(), 1, 2, 3, n(name()));
                case 5 -> new TXTRecord(owner, 1, ttl(), "t".repeat(random.nextInt(200)));
                case 6 -> new DNAMERecord(owner, 1, ttl(), n(name()));
                case 7 -> new PTRRecord(owner, 1, ttl(), n(name()));
                default -> a(owner.toString(), i(random.nextInt(99)));
              }));
    }
    return sets;
  }

  private long ttl() {
    return random.nextInt(100_000);
  }

  private String name() {
    var labels = new String[] {"a", "B", "b", "home", "HOME", "arpa", "x".repeat(40), "\\001"};
    var name = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      name.append(labels[random.nextInt(labels.length)]).append('.');
    }
    return name.isEmpty() ? "." : name.toString();
  }

  private static Name n(String text) {
    return Name.fromConstantString(text);
  }

  private static InetAddress i(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (last >> 8), (byte) last});
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Record a(String name, InetAddress ip) {
    return new ARecord(n(name), 1, 60, ip);
  }
}
