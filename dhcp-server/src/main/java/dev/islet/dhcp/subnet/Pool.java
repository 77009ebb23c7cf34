package dev.islet.dhcp.subnet;

import dev.islet.dhcp.model.Ip4;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The addresses of a subnet that any client may get: its ranges without what is excluded or
 * reserved, as a few runs however many addresses there are.
 */
public final class Pool {
  private final long[] firsts;
  private final long[] lasts;

  private Pool(List<long[]> runs) {
    firsts = runs.stream().mapToLong(r -> r[0]).toArray();
    lasts = runs.stream().mapToLong(r -> r[1]).toArray();
  }

  /** The ranges, joined where they touch, minus the holes. */
  public static Pool of(Collection<Range> ranges, Collection<Range> holes) {
    var runs = new ArrayList<long[]>();
    for (var range : sorted(ranges)) {
      if (!runs.isEmpty() && range[0] <= runs.getLast()[1] + 1) {
        runs.getLast()[1] = Math.max(runs.getLast()[1], range[1]);
      } else {
        runs.add(range);
      }
    }
    var left = new ArrayList<long[]>();
    var cuts = sorted(holes);
    int cut = 0;
    for (var run : runs) {
      long from = run[0];
      while (cut < cuts.size() && cuts.get(cut)[1] < run[0]) {
        cut++;
      }
      for (int i = cut; i < cuts.size() && cuts.get(i)[0] <= run[1]; i++) {
        if (cuts.get(i)[0] > from) {
          left.add(new long[] {from, cuts.get(i)[0] - 1});
        }
        from = Math.max(from, cuts.get(i)[1] + 1);
      }
      if (from <= run[1]) {
        left.add(new long[] {from, run[1]});
      }
    }
    return new Pool(left);
  }

  private static List<long[]> sorted(Collection<Range> ranges) {
    return ranges.stream()
        .map(
            r ->
                new long[] {
                  Integer.toUnsignedLong(r.first().bits()), Integer.toUnsignedLong(r.last().bits())
                })
        .sorted(Comparator.comparingLong((long[] r) -> r[0]).thenComparingLong(r -> r[1]))
        .toList();
  }

  /** Whether any client may get this address. */
  public boolean contains(Ip4 address) {
    long bits = Integer.toUnsignedLong(address.bits());
    int at = Arrays.binarySearch(firsts, bits);
    int run = at >= 0 ? at : -at - 2;
    return run >= 0 && bits <= lasts[run];
  }

  /** How many addresses there are. */
  public long size() {
    long size = 0;
    for (int i = 0; i < firsts.length; i++) {
      size += lasts[i] - firsts[i] + 1;
    }
    return size;
  }

  /** Walks over all addresses once, lowest first. */
  public Cursor cursor() {
    return new Cursor();
  }

  /** A position in the pool. */
  public final class Cursor {
    private int run;
    private long next = firsts.length == 0 ? 0 : firsts[0];

    private Cursor() {}

    /** How many addresses are ahead. */
    public long left() {
      long left = 0;
      for (int i = run; i < firsts.length; i++) {
        left += lasts[i] - (i == run ? next : firsts[i]) + 1;
      }
      return left;
    }

    /** Whether an address of the pool is still ahead. */
    public boolean isAhead(Ip4 address) {
      return hasNext() && contains(address) && Integer.toUnsignedLong(address.bits()) >= next;
    }

    /** Whether there are addresses ahead. */
    public boolean hasNext() {
      return run < firsts.length;
    }

    /** The next address; only if there is one. */
    public Ip4 next() {
      var address = new Ip4((int) next);
      if (next == lasts[run]) {
        run++;
        next = run < firsts.length ? firsts[run] : 0;
      } else {
        next++;
      }
      return address;
    }
  }
}
