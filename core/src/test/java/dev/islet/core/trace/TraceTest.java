package dev.islet.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.time.TimeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TraceTest {
  record Said(int n) implements TraceEvent {
    @Override
    public String note() {
      return "said " + n;
    }
  }

  private final Trace<Said> trace = new Trace<>("test", TimeSource.system());

  @Test
  void nobodyListeningCostsNothing() {
    assertThat(trace.on()).isFalse();
    trace.emit(new Said(1));
    assertThat(trace.dropped()).isZero();
  }

  @Test
  void everyListenerHearsEverythingInOrder() throws Exception {
    var first = new LinkedBlockingQueue<TraceRecord>();
    var second = new LinkedBlockingQueue<TraceRecord>();
    try (var a = trace.listen(first::add);
        var b = trace.listen(second::add)) {
      assertThat(trace.on()).isTrue();
      for (int i = 0; i < 100; i++) {
        trace.emit(new Said(i));
      }
      for (var heard : List.of(first, second)) {
        for (int i = 0; i < 100; i++) {
          var record = heard.poll(10, TimeUnit.SECONDS);
          assertThat(record).isNotNull();
          assertThat(record.sequence()).isEqualTo(i);
          assertThat(record.event()).isEqualTo(new Said(i));
          assertThat(record.service()).isEqualTo("test");
        }
      }
      b.close();
      assertThat(trace.on()).isTrue();
      a.close();
      assertThat(trace.on()).isFalse();
    }
  }

  @Test
  void aSlowListenerLosesItsOldestAndDelaysNobody() throws Exception {
    var stuck = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var slow = Collections.synchronizedList(new ArrayList<Integer>());
    var quick = new LinkedBlockingQueue<Integer>();
    int total = Trace.RING + 500;
    var slowly =
        trace.listen(
            r -> {
              stuck.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              slow.add(((Said) r.event()).n());
            });
    try (var quickly = trace.listen(r -> quick.add(((Said) r.event()).n()))) {
      trace.emit(new Said(0));
      assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(quick.poll(10, TimeUnit.SECONDS)).isZero();
      for (int i = 1; i < total; i++) {
        trace.emit(new Said(i)); // never waits: the slow listener still stands
        assertThat(quick.poll(10, TimeUnit.SECONDS)).isEqualTo(i);
      }
      assertThat(trace.dropped()).isEqualTo(total - 1 - Trace.RING);
    }
    go.countDown();
    slowly.close();
    assertThat(slow).hasSize(1 + Trace.RING).startsWith(0, total - Trace.RING).endsWith(total - 1);
  }

  @Test
  void aFailingListenerGoesOnListening() throws Exception {
    var heard = new LinkedBlockingQueue<Integer>();
    try (var listening =
        trace.listen(
            r -> {
              if (r.sequence() == 0) {
                throw new IllegalStateException("as asked");
              }
              heard.add(((Said) r.event()).n());
            })) {
      trace.emit(new Said(1));
      trace.emit(new Said(2));
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
    }
  }

  @Test
  void aListenerMayEndItselfAndHearsNothingAfterwards() throws Exception {
    var heard = new LinkedBlockingQueue<Integer>();
    var self = new LinkedBlockingQueue<Trace.Subscription>();
    var subscription =
        trace.listen(
            r -> {
              try {
                self.take().close();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              heard.add(1);
            });
    trace.emit(new Said(1));
    self.add(subscription);
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(trace.on()).isFalse();
    trace.emit(new Said(2));
    assertThat(heard).isEmpty();
  }
}
