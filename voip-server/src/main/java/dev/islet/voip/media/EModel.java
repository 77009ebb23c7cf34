package dev.islet.voip.media;

import java.util.Locale;
import java.util.Optional;

/**
 * The E-model of ITU-T G.107 (06/2015) with default values for everything the network does not
 * decide: {@code R = 93.2 - Id(delay) - Ie,eff(codec, loss)}, and MOS from R by its Annex B. An
 * estimate of what a typical pair of ears would say, not a measurement of the sound.
 *
 * <p>Losses are taken as random (BurstR = 1), and G.711 as played with concealment (its Appendix
 * I), as phones do. A codec without published narrow-band figures has no estimate.
 */
public final class EModel {
  /** Ro - Is with all defaults (G.107 §7.7). */
  private static final double BASE = 93.2;

  /** Basic signal-to-noise ratio with all defaults: 15 - 1.5 (SLR + No) = 15 - 1.5 (8 - 61.18). */
  private static final double RO = 94.77;

  /** Talker echo loudness rating, dB. */
  private static final double TELR = 65;

  /** Weighted echo path loss, dB. */
  private static final double WEPL = 110;

  private EModel() {}

  /**
   * A codec's behaviour (G.113 Appendix I).
   *
   * @param impairment Ie without loss
   * @param robustness Bpl, the packet-loss robustness factor
   */
  private record Equipment(double impairment, double robustness) {}

  private static Optional<Equipment> equipment(String codec) {
    return switch (codec.toUpperCase(Locale.ROOT)) {
      case "PCMU", "PCMA" -> Optional.of(new Equipment(0, 25.1));
      case "G729" -> Optional.of(new Equipment(11, 19));
      case "G723" -> Optional.of(new Equipment(15, 16.1));
      case "GSM-EFR" -> Optional.of(new Equipment(5, 10));
      default -> Optional.empty();
    };
  }

  /**
   * MOS of a stream, rounded to hundredths.
   *
   * @param codec encoding name
   * @param lossPercent lost packets; below 0 counts as 0
   * @param delayMs one way from mouth to ear as far as known; unknown delay is left out, so that
   *     the result then speaks of listening only
   */
  public static Optional<Double> mos(String codec, double lossPercent, Optional<Double> delayMs) {
    return rating(codec, lossPercent, delayMs).map(r -> Math.rint(mos(r) * 100) / 100);
  }

  /** The transmission rating R; empty for a codec without figures. */
  public static Optional<Double> rating(
      String codec, double lossPercent, Optional<Double> delayMs) {
    return equipment(codec)
        .map(
            e -> {
              double loss = Math.clamp(lossPercent, 0, 100);
              // §7.5 with BurstR = 1.
              double effective = e.impairment + (95 - e.impairment) * loss / (loss + e.robustness);
              return BASE - delayMs.map(EModel::delayImpairment).orElse(0.0) - effective;
            });
  }

  /** Annex B of G.107: the mean opinion score that a rating stands for, 1 to 4.5. */
  public static double mos(double rating) {
    if (rating <= 0) {
      return 1;
    }
    if (rating >= 100) {
      return 4.5;
    }
    // The cubic dips below 1 for ratings under 6.5.
    return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
  }

  /** Id of §7.4 for a one-way delay in ms: talker echo, listener echo and too long a way. */
  static double delayImpairment(double delay) {
    return talkerEcho(delay) + listenerEcho(2 * delay) + longWay(delay);
  }

  private static double talkerEcho(double t) {
    if (t < 1) {
      return 0;
    }
    double terv = TELR - 40 * Math.log10((1 + t / 10) / (1 + t / 150)) + 6 * Math.exp(-0.3 * t * t);
    double half = (RO - (80 + 2.5 * (terv - 14))) / 2;
    return (half + Math.sqrt(half * half + 100) - 1) * (1 - Math.exp(-t));
  }

  private static double listenerEcho(double roundTrip) {
    double half = (RO - 10.5 * (WEPL + 7) * Math.pow(roundTrip + 1, -0.25)) / 2;
    return half + Math.sqrt(half * half + 169);
  }

  private static double longWay(double delay) {
    if (delay <= 100) {
      return 0;
    }
    double x = Math.log(delay / 100) / Math.log(2);
    return 25
        * (Math.pow(1 + Math.pow(x, 6), 1.0 / 6)
            - 3 * Math.pow(1 + Math.pow(x / 3, 6), 1.0 / 6)
            + 2);
  }
}
