package dev.islet.dns.model;

/** What carried a message. */
public enum Transport {
  UDP,
  TCP,
  /** DNS over TLS (RFC 7858). */
  TLS,
  /** DNS over HTTPS (RFC 8484). */
  HTTPS,
  /** DNS over dedicated QUIC connections (RFC 9250). */
  QUIC;

  /** Whether size is no matter, and the asker's address is known to be its own. */
  public boolean stream() {
    return this != UDP;
  }

  /** Whether nobody between can read it, so that only sizes tell (RFC 8467). */
  public boolean encrypted() {
    return stream() && this != TCP;
  }
}
