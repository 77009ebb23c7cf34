package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.Ip4;
import java.util.Arrays;

/**
 * What is due when, soonest first: a binary heap of two numbers a timer. A timer is not taken back;
 * when it is due, its owner looks whether it still means anything. So a lease that is renewed keeps
 * the timer it has, and sets the next one when that one comes.
 */
final class LeaseTimers {
  private long[] times = new long[64];
  private int[] addresses = new int[64];
  private int size;

  void set(long at, Ip4 address) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size + (size >> 1));
      addresses = Arrays.copyOf(addresses, times.length);
    }
    int hole = size++;
    while (hole > 0 && at < times[(hole - 1) >> 1]) {
      move((hole - 1) >> 1, hole);
      hole = (hole - 1) >> 1;
    }
    put(hole, at, address.bits());
  }

  long next() {
    return size == 0 ? Engine.NEVER : times[0];
  }

  /** Takes the first timer; only if there is one. */
  Ip4 take() {
    var first = new Ip4(addresses[0]);
    long at = times[--size];
    int address = addresses[size];
    int hole = 0;
    while (2 * hole + 1 < size) {
      int child = 2 * hole + 1;
      if (child + 1 < size && times[child + 1] < times[child]) {
        child++;
      }
      if (times[child] >= at) {
        break;
      }
      move(child, hole);
      hole = child;
    }
    put(hole, at, address);
    return first;
  }

  void clear() {
    size = 0;
  }

  private void move(int from, int to) {
    times[to] = times[from];
    addresses[to] = addresses[from];
  }

  private void put(int at, long time, int address) {
    times[at] = time;
    addresses[at] = address;
  }
}
