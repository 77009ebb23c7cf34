package dev.islet.ftp.model;

/** Whether control and data connections are to be protected by TLS (RFC 4217). */
public enum TlsMode {
  /** No TLS is offered. */
  OFF,
  /** TLS is offered; clients may do without. */
  OPTIONAL,
  /** No password and no data crosses the wire without TLS. */
  REQUIRED
}
