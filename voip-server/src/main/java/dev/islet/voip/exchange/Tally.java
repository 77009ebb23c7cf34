package dev.islet.voip.exchange;

/** What is counted. */
public enum Tally {
  /** A REGISTER was taken. */
  REGISTERED,
  /** Credentials were asked for. */
  CHALLENGED,
  /** Credentials were wrong. */
  AUTH_FAILED,
  /** A request of an address with too many wrong credentials was dropped. */
  SILENCED,
  /** A request of a known scanner was dropped. */
  SCANNER,
  /** A request was refused: foreign domain, or a number that is not the sender's. */
  FORBIDDEN,
  /** A request could not be read and was answered with 400 or 505. */
  FAULTY,
  /** A response belonged to no request. */
  STRAY,
  /** A request within a dialog that there is not. */
  NO_DIALOG,
  /** A call was begun. */
  CALL
}
