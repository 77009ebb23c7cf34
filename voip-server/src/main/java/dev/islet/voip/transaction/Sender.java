package dev.islet.voip.transaction;

import dev.islet.voip.model.Flow;

/** Takes messages that are to go out. */
@FunctionalInterface
public interface Sender {
  /**
   * @param title names the message, for traces
   * @param callId whose call
   * @param bytes the message; not changed afterwards
   */
  void send(Flow flow, String title, String callId, byte[] bytes);
}
