package dev.islet.dns.transport.secure;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class RetryTokensTest {
  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4433);
  private static final byte[] NAME = {1, 2, 3, 4, 5, 6, 7, 8};
  private final RetryTokens tokens = new RetryTokens();

  private ByteBuf token() {
    var out = Unpooled.buffer();
    assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(NAME), CLIENT)).isTrue();
    return out;
  }

  @Test
  void a_token_is_good_for_the_address_it_was_sent_to_and_carries_the_name() {
    var token = token();
    assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
    int at = tokens.validateToken(token, CLIENT);
    assertThat(token.slice(at, token.readableBytes() - at)).isEqualTo(Unpooled.wrappedBuffer(NAME));
    assertThat(tokens.validateToken(token, new InetSocketAddress("192.0.2.2", 4433))).isEqualTo(-1);
    assertThat(tokens.validateToken(token, new InetSocketAddress("192.0.2.1", 4434))).isEqualTo(-1);
    assertThat(new RetryTokens().validateToken(token, CLIENT)).as("another secret").isEqualTo(-1);
  }

  @Test
  void a_token_with_any_bit_changed_or_of_another_length_is_none() {
    var token = token();
    for (int bit = 0; bit < token.readableBytes() * 8; bit++) {
      var bad = token.copy();
      bad.setByte(bit / 8, bad.getByte(bit / 8) ^ 1 << bit % 8);
      assertThat(tokens.validateToken(bad, CLIENT)).as("bit " + bit).isEqualTo(-1);
    }
    for (int length = 0; length < token.readableBytes(); length++) {
      assertThat(tokens.validateToken(token.copy(0, length), CLIENT)).isEqualTo(-1);
    }
    assertThat(tokens.validateToken(Unpooled.wrappedBuffer(new byte[1_200]), CLIENT)).isEqualTo(-1);
  }
}
