package dev.islet.voip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.model.MediaDirection;
import dev.islet.voip.model.MediaPayload;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SdpTest {
  static final InetAddress RELAY = InetAddress.ofLiteral("192.168.7.1");

  /** The example of RFC 8866 §5. */
  static final String RFC_8866 =
      """
      v=0
      o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
      s=Call to John Smith
      i=SDP Offer #1
      u=http://www.jdoe.example.com/home.html
      e=Jane Doe <jane@jdoe.example.com>
      p=+1 617 555-6011
      c=IN IP4 198.51.100.1
      t=0 0
      m=audio 49170 RTP/AVP 0
      m=audio 49180 RTP/AVP 0
      m=video 51372 RTP/AVP 99
      c=IN IP6 2001:db8::2
      a=rtpmap:99 h263-1998/90000
      """;

  /** What baresip 1.0 offers, in shape. */
  static final String BARESIP =
      """
      v=0
      o=- 2731419875 1186232543 IN IP4 192.168.7.20
      s=-
      c=IN IP4 192.168.7.20
      t=0 0
      a=tool:baresip 1.0.0
      m=audio 26194 RTP/AVP 96 9 0 8 97
      b=AS:125
      a=rtpmap:96 opus/48000/2
      a=fmtp:96 stereo=1;sprop-stereo=1
      a=rtpmap:9 G722/8000
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:97 telephone-event/8000
      a=fmtp:97 0-15
      a=rtcp:26195
      a=rtcp-mux
      a=sendrecv
      a=label:1
      a=rtcp-rsize
      a=ssrc:3862348921 cname:sip:100@home.arpa
      a=ptime:20
      """;

  /** A linphone with video, ICE and ZRTP, in shape. */
  static final String LINPHONE =
      """
      v=0
      o=101 2131 1044 IN IP4 10.0.0.7
      s=Talk
      c=IN IP4 10.0.0.7
      t=0 0
      a=ice-pwd:2f3a9c0e0d1b4f55aa7788ee
      a=ice-ufrag:b1c2
      a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics
      a=group:BUNDLE as vs
      m=audio 7078 RTP/AVP 96 0 8 101
      a=rtpmap:96 opus/48000/2
      a=fmtp:96 useinbandfec=1
      a=rtpmap:101 telephone-event/8000
      a=rtcp-fb:* trr-int 5000
      a=candidate:1 1 UDP 2130706303 10.0.0.7 7078 typ host
      a=candidate:1 2 UDP 2130706302 10.0.0.7 7079 typ host
      a=zrtp-hash:1.10 64fd1c0e35af8bb5ee5da0e5b5b2c2fa11e5cb4fca6c
      a=mid:as
      m=video 9078 RTP/AVP 97
      a=rtpmap:97 H264/90000
      a=candidate:1 1 UDP 2130706303 10.0.0.7 9078 typ host
      a=mid:vs
      """;

  /** An Asterisk answer with SDES keys, in shape: no session-level address. */
  static final String ASTERISK =
      """
      v=0
      o=- 1188340656 1188340658 IN IP4 203.0.113.4
      s=Asterisk
      t=0 0
      m=audio 11424 RTP/SAVP 8 101
      i=speech
      c=IN IP4 203.0.113.4
      a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
      a=fmtp:101 0-16
      a=ptime:20
      a=maxptime:150
      a=sendrecv
      """;

  static final List<String> ALL = List.of(RFC_8866, BARESIP, LINPHONE, ASTERISK);

  static Sdp sdp(String text) {
    return Sdp.parse(bytes(text)).sdp().orElseThrow();
  }

  static byte[] bytes(String text) {
    return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static InetSocketAddress at(String ip, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void every_description_is_written_as_it_was_read(String text) {
    assertThat(sdp(text).toBytes()).isEqualTo(bytes(text));
    assertThat(Sdp.parse(text.getBytes(StandardCharsets.ISO_8859_1)).sdp().orElseThrow().toBytes())
        .as("bare line feeds")
        .isEqualTo(bytes(text));
  }

  @Test
  void the_example_of_the_rfc_is_understood() {
    var sdp = sdp(RFC_8866);
    assertThat(sdp.media()).extracting(SdpMedia::type).containsExactly("audio", "audio", "video");
    assertThat(sdp.media()).extracting(SdpMedia::port).containsExactly(49_170, 49_180, 51_372);
    assertThat(sdp.media().get(2).connection()).contains(InetAddress.ofLiteral("2001:db8::2"));
    assertThat(sdp.origin()).contains("jdoe 3724394400 3724394405 IN IP4 198.51.100.1");
    var target = sdp.target().orElseThrow();
    assertThat(target.rtp()).isEqualTo(at("198.51.100.1", 49_170));
    assertThat(target.rtcp()).isEqualTo(at("198.51.100.1", 49_171));
    assertThat(target.payloads()).containsExactly(new MediaPayload(0, "PCMU", 8_000, 1));
    assertThat(sdp.media().get(2).payloads())
        .containsExactly(new MediaPayload(99, "h263-1998", 90_000, 1));
  }

  @Test
  void payload_types_get_their_meaning_from_the_lines_or_the_rfc() {
    var target = sdp(BARESIP).target().orElseThrow();
    assertThat(target.payloads())
        .extracting(p -> p.type() + " " + p.codec() + "/" + p.clockRate() + "/" + p.channels())
        .containsExactly(
            "96 opus/48000/2",
            "9 G722/8000/1",
            "0 PCMU/8000/1",
            "8 PCMA/8000/1",
            "97 telephone-event/8000/1");
    assertThat(sdp(LINPHONE).target().orElseThrow().payloads()).hasSize(4);
  }

  @Test
  void the_relay_takes_the_place_of_the_phone() {
    var sent = sdp(BARESIP).withMedia(RELAY, 10_020);
    assertThat(sent.toString().replace("\r\n", "\n"))
        .isEqualTo(
            BARESIP
                .replace("c=IN IP4 192.168.7.20", "c=IN IP4 192.168.7.1")
                .replace("m=audio 26194", "m=audio 10020")
                .replace("a=rtcp:26195", "a=rtcp:10021"));
    assertThat(sent.target().orElseThrow().rtp()).isEqualTo(new InetSocketAddress(RELAY, 10_020));
  }

  @Test
  void only_the_first_audio_is_relayed_and_the_rest_refused_in_place() {
    var sent = sdp(RFC_8866).withMedia(RELAY, 10_020);
    assertThat(sent.media()).extracting(SdpMedia::port).containsExactly(10_020, 0, 0);
    assertThat(sent.media()).extracting(SdpMedia::type).containsExactly("audio", "audio", "video");
    assertThat(sent.toString()).contains("m=video 0 RTP/AVP 99\r\n");
  }

  @Test
  void a_refused_first_audio_is_passed_over() {
    var sdp = sdp(RFC_8866.replace("m=audio 49170", "m=audio 0"));
    assertThat(sdp.audio().orElseThrow().port()).isEqualTo(49_180);
    assertThat(sdp.withMedia(RELAY, 10_020).media())
        .extracting(SdpMedia::port)
        .containsExactly(0, 10_020, 0);
  }

  @Test
  void what_leads_around_the_relay_is_taken_out() {
    var sent = sdp(LINPHONE).withMedia(RELAY, 10_020).toString();
    assertThat(sent)
        .doesNotContain("candidate", "ice-", "zrtp", "BUNDLE", "10.0.0.7 7")
        .contains("a=mid:as", "a=rtcp-xr:", "a=fmtp:96 useinbandfec=1");
  }

  @Test
  void keys_stay_since_encrypted_media_passes_unopened() {
    var sent = sdp(ASTERISK).withMedia(RELAY, 10_020).toString();
    assertThat(sent).contains("m=audio 10020 RTP/SAVP 8 101", "a=crypto:1 AES_CM_128_HMAC_SHA1_80");
    assertThat(sent).containsOnlyOnce("c=");
  }

  @Test
  void a_missing_connection_line_is_put_where_it_belongs() {
    var text = ASTERISK.replace("c=IN IP4 203.0.113.4\n", "");
    assertThat(sdp(text).target()).isEmpty();
    assertThat(sdp(text).withMedia(RELAY, 10_020).toString())
        .contains("i=speech\r\nc=IN IP4 192.168.7.1\r\na=crypto");
    var bare = "v=0\nm=audio 4000 RTP/AVP 0\n";
    assertThat(sdp(bare).withMedia(InetAddress.ofLiteral("2001:db8::1"), 10_020).toString())
        .isEqualTo("v=0\r\nm=audio 10020 RTP/AVP 0\r\nc=IN IP6 2001:db8:0:0:0:0:0:1\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "sendrecv, SENDRECV, false",
    "sendonly, SENDONLY, true",
    "recvonly, RECVONLY, false",
    "inactive, INACTIVE, true"
  })
  void the_new_way_to_hold_is_seen(String attribute, MediaDirection direction, boolean held) {
    var sdp = sdp(ASTERISK.replace("a=sendrecv", "a=" + attribute));
    assertThat(sdp.audio().orElseThrow().direction()).isEqualTo(direction);
    assertThat(sdp.holds()).isEqualTo(held);
    assertThat(sdp.withMedia(RELAY, 10_020).holds()).isEqualTo(held);
  }

  @Test
  void a_direction_for_the_whole_session_counts_unless_the_section_has_its_own() {
    var session = RFC_8866.replace("t=0 0\n", "t=0 0\na=inactive\n");
    assertThat(sdp(session).holds()).isTrue();
    assertThat(sdp(session.replace("AVP 0\n", "AVP 0\na=sendrecv\n")).holds()).isFalse();
  }

  @Test
  void the_old_way_to_hold_is_seen_and_stays() {
    var sdp = sdp(BARESIP.replace("c=IN IP4 192.168.7.20", "c=IN IP4 0.0.0.0"));
    assertThat(sdp.holds()).isTrue();
    var sent = sdp.withMedia(RELAY, 10_020);
    assertThat(sent.holds()).isTrue();
    assertThat(sent.toString()).contains("c=IN IP4 0.0.0.0", "m=audio 10020");
  }

  @Test
  void rtcp_may_be_somewhere_else() {
    var elsewhere = BARESIP.replace("a=rtcp:26195", "a=rtcp:53020 IN IP4 192.168.7.99");
    assertThat(sdp(elsewhere).target().orElseThrow().rtcp()).isEqualTo(at("192.168.7.99", 53_020));
    assertThat(sdp(elsewhere).withMedia(RELAY, 10_020).toString()).contains("a=rtcp:10021\r\n");
    var broken = BARESIP.replace("a=rtcp:26195", "a=rtcp:x");
    assertThat(sdp(broken).target().orElseThrow().rtcp()).isEqualTo(at("192.168.7.20", 26_195));
  }

  @Test
  void a_host_name_is_never_looked_up() {
    var named = BARESIP.replace("192.168.7.20", "phone.attacker.example");
    assertThat(sdp(named).target()).isEmpty();
    assertThat(sdp(named).withMedia(RELAY, 10_020).target()).isPresent();
  }

  @Test
  void a_multicast_address_is_no_target() {
    assertThat(sdp(BARESIP.replace("192.168.7.20", "224.2.36.42/127")).target()).isEmpty();
  }

  @Test
  void bytes_outside_ascii_survive() {
    var text = BARESIP.replace("s=-", "s=Gr\u00c3\u00bc\u00c3\u009fe");
    assertThat(sdp(text).withMedia(RELAY, 1).toBytes())
        .contains(bytes("s=Gr\u00c3\u00bc\u00c3\u009fe"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|1",
        "v=1|1",
        "hello|1",
        "v=0,|2",
        "v=0,x|2",
        "v=0,,t=0 0|2",
        "v=0,c=IN IP4|2",
        "v=0,c=IN IP5 1.2.3.4|2",
        "v=0,t=0 0,m=audio|3",
        "v=0,t=0 0,m=audio 99999 RTP/AVP 0|3",
        "v=0,t=0 0,m=audio -1 RTP/AVP 0|3",
        "v=0,m=audio 1 RTP/AVP 0,m=video x RTP/AVP 0|3"
      })
  void what_is_no_description_is_refused_with_its_line(String text, int line) {
    var result = Sdp.parse(text.replace(",", "\r\n").getBytes(StandardCharsets.US_ASCII));
    if (text.equals("v=0,")) {
      assertThat(result.sdp()).as("a trailing line end is harmless").isPresent();
      return;
    }
    assertThat(result)
        .isInstanceOfSatisfying(
            Sdp.Malformed.class,
            m -> {
              assertThat(m.line()).isEqualTo(line);
              assertThat(m.reason()).isNotBlank();
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {Sdp.MAX_BYTES + 1, 1_000_000})
  void a_huge_body_is_refused(int size) {
    assertThat(Sdp.parse(new byte[size]).sdp()).isEmpty();
  }

  @Test
  void too_many_sections_are_refused() {
    var text = "v=0\n" + "m=audio 1 RTP/AVP 0\n".repeat(Sdp.MAX_MEDIA + 1);
    assertThat(Sdp.parse(bytes(text)).sdp()).isEmpty();
  }

  @Test
  void ten_thousand_mutations_never_throw_and_keep_the_sections() {
    var random = new Random(8866);
    int understood = 0;
    for (int i = 0; i < 10_000; i++) {
      var body = mutated(bytes(ALL.get(i % ALL.size())), random);
      var parsed = Sdp.parse(body).sdp();
      if (parsed.isEmpty()) {
        continue;
      }
      understood++;
      var sdp = parsed.get();
      sdp.target();
      sdp.holds();
      var sent = sdp.withMedia(RELAY, 10_020);
      assertThat(sent.media()).hasSameSizeAs(sdp.media());
      assertThat(sent.media().stream().filter(m -> m.port() != 0).count())
          .isEqualTo(sdp.audio().isPresent() ? 1 : 0);
      // What we send, we can read.
      var again = Sdp.parse(sent.toBytes()).sdp();
      assertThat(again).isPresent();
      assertThat(again.get().toBytes()).isEqualTo(sent.toBytes());
    }
    assertThat(understood).isGreaterThan(1_000);
  }

  private static byte[] mutated(byte[] good, Random random) {
    var bytes = good.clone();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes = java.util.Arrays.copyOf(bytes, 1 + at);
        case 2 -> bytes[at] = bytes[random.nextInt(bytes.length)];
        default -> {
          int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
          System.arraycopy(bytes, at, bytes, random.nextInt(bytes.length - length + 1), length);
        }
      }
    }
    return bytes;
  }
}
