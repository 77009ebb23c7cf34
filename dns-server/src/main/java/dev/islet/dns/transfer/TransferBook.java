package dev.islet.dns.transfer;

import dev.islet.core.trace.Trace;
import dev.islet.dns.model.DnsEvent;
import java.util.Locale;

/** Counts what becomes of transfers and of NOTIFY, and tells who listens to the trace. */
public final class TransferBook {
  private final Trace<DnsEvent> trace;
  private volatile Counts counts = Counts.NONE;

  public TransferBook(Trace<DnsEvent> trace) {
    this.trace = trace;
  }

  /** Where it is counted; called by many threads. */
  public interface Counts {
    /** Counts nothing. */
    Counts NONE =
        new Counts() {
          @Override
          public void transfer(boolean out, String kind, String result) {}

          @Override
          public void notify(boolean out, boolean taken) {}
        };

    /**
     * A transfer has ended.
     *
     * @param out whether it was one of ours to another server
     * @param kind what it was, as {@code axfr} or {@code ixfr_as_axfr}; {@code any} if it came to
     *     none
     */
    void transfer(boolean out, String kind, String result);

    /**
     * A NOTIFY has ended.
     *
     * @param taken whether the one who was told understood
     */
    void notify(boolean out, boolean taken);
  }

  /** Counts there from now on. */
  public void counts(Counts next) {
    counts = next;
  }

  /** Counts an event if it is the end of something, and passes it on. */
  public void tell(DnsEvent event) {
    switch (event) {
      case DnsEvent.ZoneSent sent -> counts.transfer(true, label(sent.kind()), "sent");
      case DnsEvent.TransferRefused refused -> counts.transfer(true, "any", "refused");
      case DnsEvent.TransferCut cut -> counts.transfer(true, label(cut.kind()), "cut");
      case DnsEvent.ZoneReceived got -> counts.transfer(false, label(got.kind()), "received");
      case DnsEvent.TransferFailed failed -> counts.transfer(false, "any", "failed");
      case DnsEvent.NotifySent sent -> counts.notify(true, sent.taken());
      case DnsEvent.NotifyHeard heard -> counts.notify(false, heard.taken());
      default -> {} // the rest is counted elsewhere
    }
    trace.emit(event);
  }

  /** A primary had nothing newer. */
  public void current() {
    counts.transfer(false, "any", "current");
  }

  private static String label(String kind) {
    return kind.toLowerCase(Locale.ROOT).replace(' ', '_');
  }
}
