package dev.islet.router.hub;

import dev.islet.router.fib.FibOp;
import dev.islet.router.model.RouterEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** What the router can want done. */
public sealed interface RouterAction {
  /** Open a RIP socket on an interface and join the group there. */
  record OpenRip(String nic) implements RouterAction {}

  /** Close the RIP socket of an interface. */
  record CloseRip(String nic) implements RouterAction {}

  /** Send a RIP message from our address on an interface. */
  record SendRip(String nic, InetAddress from, InetSocketAddress to, byte[] payload, String why)
      implements RouterAction {}

  /** Change the kernel's table, in this order. */
  record Program(List<FibOp> ops) implements RouterAction {
    public Program {
      ops = List.copyOf(ops);
    }
  }

  /** Ask the kernel for everything and answer with {@link RouterInput.KernelView}. */
  record Resync(long epoch, String because) implements RouterAction {}

  /** Keep a sequence number for the next life. */
  record KeepSequence(long bound) implements RouterAction {}

  /** Tell the world. */
  record Tell(RouterEvent event) implements RouterAction {}
}
