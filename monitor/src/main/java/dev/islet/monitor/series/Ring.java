package dev.islet.monitor.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The newest values of many series at one resolution. A slot is a number of steps since the epoch,
 * so that a value always lies where its time says, whatever was missed before it.
 */
final class Ring {
  private final int slots;
  private final List<float[]> series = new ArrayList<>();
  private long newest = -1;

  Ring(int slots) {
    this.slots = slots;
  }

  int slots() {
    return slots;
  }

  /** The newest slot; -1 before the first. */
  long newest() {
    return newest;
  }

  void grow() {
    var values = new float[slots];
    Arrays.fill(values, Float.NaN);
    series.add(values);
  }

  /**
   * Makes room for a slot. A clock that was set back a little overwrites what it had; one that was
   * in the future begins anew.
   */
  void reach(long slot) {
    if (newest >= 0 && slot < newest - slots / 2) {
      newest = -1;
      series.forEach(values -> Arrays.fill(values, Float.NaN));
    }
    if (newest < 0) {
      newest = slot;
      return;
    }
    for (long next = Math.max(newest + 1, slot - slots + 1); next <= slot; next++) {
      int at = at(next);
      series.forEach(values -> values[at] = Float.NaN);
    }
    newest = Math.max(newest, slot);
  }

  void put(int index, long slot, float value) {
    if (slot <= newest && slot > newest - slots) {
      series.get(index)[at(slot)] = value;
    }
  }

  float get(int index, long slot) {
    return slot > newest || slot <= newest - slots ? Float.NaN : series.get(index)[at(slot)];
  }

  private int at(long slot) {
    return (int) Math.floorMod(slot, (long) slots);
  }
}
