package dev.islet.router;

import dev.islet.core.engine.Outlet;
import dev.islet.core.trace.Trace;
import dev.islet.router.admin.RouterMetrics;
import dev.islet.router.fib.FibOp;
import dev.islet.router.hub.RouterAction;
import dev.islet.router.hub.RouterInput;
import dev.islet.router.model.KernelEvent;
import dev.islet.router.model.RipEvent;
import dev.islet.router.model.RouteEvent;
import dev.islet.router.model.RouterEvent;
import dev.islet.router.store.SequenceFile;
import dev.islet.router.transport.KernelPort;
import dev.islet.router.transport.RipSockets;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Carries out what the engine wants, on the loop's thread. */
final class RouterHands implements Outlet<RouterAction> {
  private static final Logger LOG = System.getLogger("islet.router");

  private final Optional<KernelPort> kernel;
  private final Optional<RipSockets> sockets;
  private final Optional<SequenceFile> sequence;
  private final Trace<RouterEvent> trace;
  private final RouterMetrics metrics;
  private final int ripPort;
  private final Predicate<RouterInput> offer;
  // So that a cable that is out is told once, and not every few seconds.
  private final Set<String> failing = new HashSet<>();
  private final ArrayDeque<RouterInput> unsaid = new ArrayDeque<>();

  RouterHands(
      Optional<KernelPort> kernel,
      Optional<RipSockets> sockets,
      Optional<SequenceFile> sequence,
      Trace<RouterEvent> trace,
      RouterMetrics metrics,
      int ripPort,
      Predicate<RouterInput> offer) {
    this.kernel = kernel;
    this.sockets = sockets;
    this.sequence = sequence;
    this.trace = trace;
    this.metrics = metrics;
    this.ripPort = ripPort;
    this.offer = offer;
  }

  /** Says something to the engine; what finds the queue full is said at the end of the batch. */
  private void report(RouterInput input) {
    if (!unsaid.isEmpty() || !offer.test(input)) {
      unsaid.add(input);
    }
  }

  @Override
  public void flush() {
    while (!unsaid.isEmpty() && offer.test(unsaid.element())) {
      unsaid.remove();
    }
  }

  @Override
  public void perform(RouterAction action) {
    switch (action) {
      case RouterAction.OpenRip(var nic) -> open(nic);
      case RouterAction.CloseRip(var nic) -> sockets.ifPresent(s -> s.close(nic));
      case RouterAction.SendRip send -> send(send);
      case RouterAction.Program(var ops) -> program(ops);
      case RouterAction.Resync(var epoch, var because) -> resync(epoch, because);
      case RouterAction.KeepSequence(var bound) -> keep(bound);
      case RouterAction.Tell(var event) -> tell(event);
    }
  }

  private void open(String nic) {
    try {
      if (sockets.isPresent()) {
        sockets.get().open(nic);
      }
      failing.remove(nic);
      LOG.log(Level.INFO, "service=router nic=" + nic + " RIP speaks");
    } catch (IOException e) {
      if (failing.add(nic)) {
        LOG.log(
            Level.WARNING,
            "service=router nic=" + nic + " the RIP socket cannot be opened, trying again: " + e);
      }
      report(new RouterInput.RipOpenFailed(nic, String.valueOf(e.getMessage())));
    }
  }

  private void send(RouterAction.SendRip send) {
    try {
      if (sockets.isPresent()) {
        sockets.get().send(send.nic(), send.from(), send.to(), send.payload());
      }
      tell(
          new RipEvent.RipSent(
              send.nic(),
              new InetSocketAddress(send.from(), ripPort),
              send.to(),
              send.why(),
              send.payload()));
    } catch (IOException e) {
      metrics.sendFailed(send.nic());
      LOG.log(Level.DEBUG, "service=router nic=" + send.nic() + " a message was not sent: " + e);
    }
  }

  private void program(List<FibOp> ops) {
    if (kernel.isEmpty()) {
      return;
    }
    try {
      var refused = new HashSet<FibOp>();
      for (var each : kernel.get().program(ops)) {
        refused.add(each.op());
        report(new RouterInput.ProgramFailed(each.op().route(), each.op().word(), each.why()));
      }
      for (var op : ops) {
        if (!refused.contains(op)) {
          tell(new KernelEvent.Programmed(op.route().prefix(), op.word(), op.route().via()));
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=router writing routes failed, comparing anew: " + e);
      report(new RouterInput.KernelLost("writing routes failed: " + e.getMessage()));
    }
  }

  private void resync(long epoch, String because) {
    if (kernel.isEmpty()) {
      return;
    }
    try {
      report(kernel.get().view(epoch, because));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=router reading the kernel's tables failed: " + e);
    }
  }

  private void keep(long bound) {
    try {
      if (sequence.isPresent()) {
        sequence.get().write(bound);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=router the RIP sequence number cannot be kept: " + e);
    }
  }

  private void tell(RouterEvent event) {
    metrics.count(event);
    if (trace.on()) {
      trace.emit(event);
    }
    switch (event) {
      case RouteEvent.NeighborState e -> log(Level.INFO, e);
      case KernelEvent.LinkChanged e -> log(Level.INFO, e);
      case KernelEvent.Inherited e -> log(Level.INFO, e);
      case KernelEvent.Swept e -> log(Level.INFO, e);
      case KernelEvent.ProgramFailed e -> log(Level.WARNING, e);
      case KernelEvent.Reconciled e -> log(e.changes() > 0 ? Level.INFO : Level.DEBUG, e);
      case RouteEvent.Learned e -> log(Level.DEBUG, e);
      case RouteEvent.Lost e -> log(Level.DEBUG, e);
      case KernelEvent.Programmed e -> log(Level.DEBUG, e);
      case RipEvent e -> {}
    }
  }

  private static void log(Level level, RouterEvent event) {
    LOG.log(level, () -> "service=router " + event.note());
  }
}
