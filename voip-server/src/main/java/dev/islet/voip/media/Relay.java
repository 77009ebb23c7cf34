package dev.islet.voip.media;

import dev.islet.voip.model.MediaSilence;
import java.net.InetAddress;
import java.util.function.Consumer;

/**
 * Carries the media of calls between two phones through this machine and measures it. Made by the
 * wiring from {@code transport.media}; signalling knows only this.
 *
 * <p>Thread-safe. {@link #close} ends every call that is still open.
 */
public interface Relay extends AutoCloseable {
  /**
   * Opens the ports for one call.
   *
   * @param callId names the call in traces, logs and {@link MediaSilence}
   * @param localA the address of this machine that the caller's phone reaches; what the description
   *     sent to A will name
   * @param localB the same for the called phone
   * @param onSilence told once when no media came for the configured time although no phone holds;
   *     called on the relay's thread, so it must only hand the matter on
   * @return the open call, or why there is none: answer 503 then
   */
  Opening open(
      String callId, InetAddress localA, InetAddress localB, Consumer<MediaSilence> onSilence);

  /** How many calls are open. */
  int calls();

  /** How many calls more the port range has room for, ports in quarantine not counted. */
  int room();

  /** What became of all packets of all calls since the start. */
  Counts counts();

  @Override
  void close();

  /**
   * Packets by what became of them; see {@link CallMedia.Verdict}.
   *
   * @param undelivered packets that nobody could be sent, or that the system refused
   */
  record Counts(long forwarded, long strangers, long malformed, long throttled, long undelivered) {}

  /** What became of {@link #open}. */
  sealed interface Opening {}

  /** The call has its ports. */
  record Opened(RelayCall call) implements Opening {}

  /** No ports are free, or none could be bound; the reason is for the log and the trace. */
  record Exhausted(String reason) implements Opening {}
}
