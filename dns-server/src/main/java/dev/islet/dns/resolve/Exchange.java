package dev.islet.dns.resolve;

import java.net.InetSocketAddress;

/** One query to one server over one fresh port or connection, until its reply or its deadline. */
final class Exchange {
  final long number;
  final Asking asking;
  final Party party;
  final int id;
  final byte[] name;
  final long began;
  int strangers;

  /**
   * @param name as it was sent, on the wire
   */
  Exchange(long number, Asking asking, Party party, int id, byte[] name, long began) {
    this.number = number;
    this.asking = asking;
    this.party = party;
    this.id = id;
    this.name = name;
    this.began = began;
  }

  InetSocketAddress server() {
    return asking.server();
  }

  Form form() {
    return asking.form();
  }
}
