package dev.islet.dns.resolve;

/** Whoever asked for an exchange. */
interface Party {
  /** The exchange is over. */
  void heard(Exchange exchange, Outcome outcome);
}
