package dev.islet.voip.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class SourceLatchTest {
  private static final long S = 1_000_000_000L;
  private final MediaSource described = source("10.0.0.5", 4000);
  private final MediaSource outside = source("198.51.100.7", 31_000);
  private final MediaSource stranger = source("203.0.113.9", 666);
  private final SourceLatch latch = new SourceLatch();
  private long now = 100 * S;

  private static MediaSource source(String ip, int port) {
    var source = new MediaSource();
    source.set(new InetSocketAddress(InetAddress.ofLiteral(ip), port));
    return source;
  }

  private boolean from(MediaSource source) {
    now += S / 50;
    return latch.accept(source, now);
  }

  @Test
  void only_the_described_address_may_send_before_the_answer() {
    latch.expect(described);
    assertThat(from(outside)).isFalse();
    assertThat(from(described)).isTrue();
  }

  @Test
  void after_the_answer_the_phone_is_learned_where_it_really_is() {
    latch.expect(described);
    latch.open();
    assertThat(from(outside)).isTrue();
    assertThat(latch.learned().same(outside)).isTrue();
    assertThat(from(stranger)).isFalse();
  }

  @Test
  void the_described_address_wins_until_the_lock() {
    latch.expect(described);
    latch.open();
    from(stranger);
    assertThat(from(described)).isTrue();
    assertThat(from(stranger)).isFalse();
  }

  @Test
  void five_packets_lock_even_the_described_address_out() {
    latch.expect(described);
    latch.open();
    for (int i = 0; i < 5; i++) {
      assertThat(latch.locked()).isFalse();
      assertThat(from(outside)).isTrue();
    }
    assertThat(latch.locked()).isTrue();
    assertThat(from(described)).isFalse();
    now += 60 * S;
    assertThat(from(stranger)).isFalse();
    assertThat(from(outside)).isTrue();
  }

  @Test
  void a_new_description_opens_the_lock_but_the_phone_goes_on_until_it_moves() {
    latch.expect(described);
    latch.open();
    for (int i = 0; i < 5; i++) {
      from(outside);
    }
    var moved = source("10.0.0.6", 5000);
    latch.expect(moved);
    assertThat(from(outside)).isTrue();
    assertThat(from(stranger)).isFalse();
    assertThat(from(moved)).isTrue();
    assertThat(from(outside)).isFalse();
  }

  @Test
  void after_a_hold_a_phone_may_come_back_from_another_port() {
    latch.expect(described);
    latch.open();
    for (int i = 0; i < 5; i++) {
      from(outside);
    }
    now += 30 * S;
    latch.expect(described);
    var remapped = source("198.51.100.7", 32_000);
    assertThat(from(remapped)).isTrue();
    assertThat(from(outside)).isFalse();
  }

  @Test
  void the_other_address_family_is_never_learned() {
    latch.expect(described);
    latch.open();
    assertThat(from(source("2001:db8::1", 4000))).isFalse();
  }

  @Test
  void sources_are_compared_by_their_numbers() {
    assertThat(source("10.0.0.5", 4000).same(described)).isTrue();
    assertThat(source("10.0.0.5", 4001).same(described)).isFalse();
    assertThat(source("10.0.0.5", 4001).sameAddress(described)).isTrue();
    var six = source("2001:db8::5", 4000);
    assertThat(six.isFour()).isFalse();
    assertThat(six.toAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::5"), 4000));
    assertThat(described.toAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.5"), 4000));
  }
}
