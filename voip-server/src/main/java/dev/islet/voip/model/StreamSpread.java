package dev.islet.voip.model;

/**
 * How a figure of a stream was spread, in milliseconds.
 *
 * @param last the value at the last packet
 */
public record StreamSpread(double min, double mean, double max, double last) {
  /** The spread of nothing. */
  public static final StreamSpread NONE = new StreamSpread(0, 0, 0, 0);
}
