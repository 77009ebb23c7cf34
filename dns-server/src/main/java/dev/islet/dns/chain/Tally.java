package dev.islet.dns.chain;

import dev.islet.dns.model.Source;
import dev.islet.dns.model.Transport;

/** Counts what happens; called on hot paths by many threads. */
public interface Tally {
  /** Counts nothing. */
  Tally NONE =
      new Tally() {
        @Override
        public void asked(Transport transport) {}

        @Override
        public void answered(Source source, int rcode, long nanos) {}

        @Override
        public void fast(Transport transport, Source source, int rcode, long count) {}

        @Override
        public void rejected(String reason) {}

        @Override
        public void upstream(String outcome) {}

        @Override
        public void updated(int rcode) {}

        @Override
        public void validated(String verdict) {}
      };

  void asked(Transport transport);

  /**
   * @param nanos since the question was read
   */
  void answered(Source source, int rcode, long nanos);

  /** Messages that the fast lane has answered; what one took is not measured. */
  void fast(Transport transport, Source source, int rcode, long count);

  /** A message with a fault of form, or a connection over a limit. */
  void rejected(String reason);

  /** What became of an exchange with an upstream server: sent, used, ignored, silent. */
  void upstream(String outcome);

  void updated(int rcode);

  /**
   * What the check of an answer ended with: secure, untimed, insecure, bogus, failed, unchecked.
   */
  void validated(String verdict);
}
