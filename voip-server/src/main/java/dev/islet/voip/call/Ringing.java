package dev.islet.voip.call;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.transaction.ClientTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Several phones ringing for one call: the first 2xx wins and the others are cancelled; if all turn
 * it down, the best of their answers is chosen (RFC 3261 §16.7 step 6, from the side of a caller).
 */
final class Ringing {
  /** Hears how it goes. */
  interface Watcher {
    void early(long now, Branch branch, SipResponse response);

    /** A phone answered. */
    void won(long now, Branch branch, SipResponse response, Flow from);

    /** Nobody will answer. */
    void lost(long now, int status, Optional<SipResponse> best);
  }

  private final Watcher watcher;
  private final List<Branch> branches = new ArrayList<>();
  private @Nullable SipResponse best;
  private @Nullable Branch early;
  private boolean unreachable;
  private boolean closed;

  Ringing(Watcher watcher) {
    this.watcher = watcher;
  }

  void add(Branch branch) {
    branches.add(branch);
  }

  int size() {
    return branches.size();
  }

  /** Gives up: every phone is told, no answer counts any more. */
  void cancel(long now) {
    closed = true;
    branches.forEach(b -> b.cancel(now));
  }

  /** Only the first phone that sends early media is heard; two would sound at once. */
  boolean mayBeHeard(Branch branch) {
    if (early == null) {
      early = branch;
    }
    return early == branch;
  }

  void early(long now, Branch branch, SipResponse response) {
    if (!closed) {
      watcher.early(now, branch, response);
    }
  }

  boolean won(long now, Branch branch, SipResponse response, Flow from) {
    if (closed) {
      return false;
    }
    closed = true;
    for (var other : branches) {
      if (other != branch) {
        other.cancel(now);
      }
    }
    watcher.won(now, branch, response, from);
    return true;
  }

  void lost(long now, SipResponse response) {
    if (best == null || rank(response.status()) < rank(best.status())) {
      best = response;
    }
    if (response.status() >= 600 && !closed) {
      // A 6xx speaks for the whole extension (§21.6).
      cancel(now);
      watcher.lost(now, response.status(), Optional.of(response));
      return;
    }
    check(now);
  }

  void unheard(long now, ClientTransaction.Failure why) {
    unreachable = true;
    check(now);
  }

  private void check(long now) {
    if (closed || branches.stream().anyMatch(b -> !b.done())) {
      return;
    }
    closed = true;
    if (best == null) {
      watcher.lost(now, 480, Optional.empty());
    } else {
      int status = shown(best.status());
      watcher.lost(now, status, status == best.status() ? Optional.of(best) : Optional.empty());
    }
  }

  /** Whether some phone did not even react. */
  boolean unreachable() {
    return unreachable;
  }

  /** Lower is better: 6xx, then busy and declined, then other 4xx, 5xx, 3xx. */
  private static int rank(int status) {
    if (status >= 600) {
      return 0;
    }
    return switch (status) {
      case 486 -> 1;
      case 401, 407, 408 -> 6;
      default -> status >= 500 ? 4 : status >= 400 ? 2 : 5;
    };
  }

  /** What the caller is told; a phone's challenge, redirect or trouble is none of its business. */
  private static int shown(int status) {
    return switch (status) {
      case 401, 407, 408, 481, 482, 483, 487, 503 -> 480;
      default -> status < 400 ? 480 : status;
    };
  }
}
