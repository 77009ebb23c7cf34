package dev.islet.voip.call;

import dev.islet.voip.media.Relay;
import dev.islet.voip.model.Binding;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.IncomingCall;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.transaction.Timers;
import dev.islet.voip.transaction.Transactions;
import java.util.List;

/** What calls find around them. */
public interface Office {
  Transactions transactions();

  Timers timers();

  Relay relay();

  Tokens tokens();

  CallRules rules();

  /** Whether there is such an extension. */
  boolean knows(String extension);

  /** The name to show for an extension; may be empty. */
  String nameOf(String extension);

  /** Where an extension is reached now, best first. */
  List<Binding> reach(String extension);

  /** Asks where a call is to go; the answer comes by {@link Calls#routed}. */
  void askRouting(long now, String id, IncomingCall call);

  /** Tells what happened. */
  void tell(VoipEvent event);

  /** Keeps the record of a finished call. */
  void keep(CallRecord record);
}
