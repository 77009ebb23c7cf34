package dev.islet.voip.media;

import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaTarget;
import java.net.InetSocketAddress;

/**
 * The media of one call. Ports are even for RTP, and RTCP is the odd one above (RFC 3550 §11).
 *
 * <p>A phone is sent to where its description says until its first packets show where it really is
 * (symmetric RTP, RFC 4961); after five packets that source is locked and strangers are dropped.
 * Thread-safe.
 */
public interface RelayCall extends AutoCloseable {
  /** Where the caller's phone sends RTP: goes into the description sent to A. */
  int portA();

  /** Where the called phone sends RTP: goes into the description sent to B. */
  int portB();

  /**
   * Tells what a phone said of itself, from its offer or answer; again after each re-INVITE. An
   * address other than before unlocks the learned source, so that a call may move.
   */
  void expect(MediaLeg leg, MediaTarget target);

  /** {@link #expect} for the caller when only the address is known. */
  default void expectA(InetSocketAddress rtp) {
    expect(MediaLeg.A, MediaTarget.at(rtp));
  }

  /** {@link #expect} for the called phone when only the address is known. */
  default void expectB(InetSocketAddress rtp) {
    expect(MediaLeg.B, MediaTarget.at(rtp));
  }

  /**
   * Says that the call is answered: from now on a source other than the described one may be
   * learned, and silence is watched.
   */
  void answered();

  /** The quality so far; callable at any time, also after the end. */
  CallQuality snapshot();

  /** Ends the relaying, gives the ports back and returns the final quality; again: the same. */
  CallQuality end();

  @Override
  default void close() {
    end();
  }
}
