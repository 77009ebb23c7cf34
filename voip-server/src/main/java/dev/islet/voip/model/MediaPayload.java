package dev.islet.voip.model;

import java.util.Locale;
import java.util.Optional;

/**
 * What a payload type number stands for in one session (RFC 8866 §6.6, RFC 3551 §6).
 *
 * @param type 0 to 127
 * @param codec encoding name as written, like {@code PCMA} or {@code telephone-event}
 * @param clockRate ticks of the RTP timestamp a second
 * @param channels 1 unless said otherwise
 */
public record MediaPayload(int type, String codec, int clockRate, int channels) {
  public MediaPayload {
    if (type < 0 || type > 127) {
      throw new IllegalArgumentException("payload type " + type + " is not 0 to 127");
    }
    if (clockRate < 1 || channels < 1) {
      throw new IllegalArgumentException(
          codec + ": clock rate " + clockRate + " and channels " + channels + " must be above 0");
    }
  }

  /** Whether packets of this type carry keys pressed (RFC 4733). */
  public boolean telephoneEvent() {
    return codec.equalsIgnoreCase("telephone-event");
  }

  /** Whether packets of this type describe silence (RFC 3389). */
  public boolean comfortNoise() {
    return codec.equalsIgnoreCase("CN");
  }

  /** The name in upper case, for tables. */
  public String name() {
    return codec.toUpperCase(Locale.ROOT);
  }

  /** The meaning a number has without any description: the audio rows of RFC 3551 §6. */
  public static Optional<MediaPayload> wellKnown(int type) {
    return Optional.ofNullable(
        switch (type) {
          case 0 -> new MediaPayload(0, "PCMU", 8000, 1);
          case 3 -> new MediaPayload(3, "GSM", 8000, 1);
          case 4 -> new MediaPayload(4, "G723", 8000, 1);
          case 5 -> new MediaPayload(5, "DVI4", 8000, 1);
          case 6 -> new MediaPayload(6, "DVI4", 16000, 1);
          case 7 -> new MediaPayload(7, "LPC", 8000, 1);
          case 8 -> new MediaPayload(8, "PCMA", 8000, 1);
          // 16 kHz audio, but the clock is 8000 by the erratum that RFC 3551 §4.5.2 keeps.
          case 9 -> new MediaPayload(9, "G722", 8000, 1);
          case 10 -> new MediaPayload(10, "L16", 44100, 2);
          case 11 -> new MediaPayload(11, "L16", 44100, 1);
          case 12 -> new MediaPayload(12, "QCELP", 8000, 1);
          case 13 -> new MediaPayload(13, "CN", 8000, 1);
          case 15 -> new MediaPayload(15, "G728", 8000, 1);
          case 16 -> new MediaPayload(16, "DVI4", 11025, 1);
          case 17 -> new MediaPayload(17, "DVI4", 22050, 1);
          case 18 -> new MediaPayload(18, "G729", 8000, 1);
          default -> null;
        });
  }
}
