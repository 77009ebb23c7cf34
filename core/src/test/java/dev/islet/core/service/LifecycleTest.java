package dev.islet.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private final Lifecycle lifecycle = new Lifecycle("test");
  private final List<String> closed = new ArrayList<>();

  private AutoCloseable resource(String name) {
    return () -> closed.add(name);
  }

  @Test
  void aLifeGoesOneWayAndClosesInReverse() throws Exception {
    assertThat(lifecycle.state()).isEqualTo(State.NEW);
    lifecycle.start(
        () -> {
          assertThat(lifecycle.state()).isEqualTo(State.STARTING);
          lifecycle.hold(resource("socket"));
          lifecycle.hold(resource("loop"));
        });
    assertThat(lifecycle.state()).isEqualTo(State.RUNNING);
    lifecycle.hold(resource("late"));
    var waiter =
        new FutureTask<>(
            () -> {
              lifecycle.awaitStop();
              return lifecycle.state();
            });
    Thread.ofVirtual().start(waiter);
    lifecycle.close();
    lifecycle.close();
    assertThat(closed).containsExactly("late", "loop", "socket");
    assertThat(waiter.get(5, TimeUnit.SECONDS)).isEqualTo(State.STOPPED);
    assertThatThrownBy(() -> lifecycle.start(() -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("STOPPED")
        .hasMessageContaining("make a new one");
  }

  @Test
  void aFailedStartLeavesNothingOpenAndSaysWhy() throws Exception {
    var cause = new IllegalArgumentException("no");
    assertThatThrownBy(
            () ->
                lifecycle.start(
                    () -> {
                      lifecycle.hold(resource("first"));
                      lifecycle.hold(
                          () -> {
                            throw new IllegalStateException("does not close");
                          });
                      throw cause;
                    }))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("test failed to start")
        .hasCause(cause);
    assertThat(cause.getSuppressed()).hasSize(1);
    assertThat(closed).containsExactly("first");
    assertThat(lifecycle.state()).isEqualTo(State.FAILED);
    lifecycle.awaitStop();
    lifecycle.close();
    assertThat(lifecycle.state()).isEqualTo(State.FAILED);
  }

  @Test
  void aStartExceptionComesThroughAsItIs() {
    var why = new StartException("X-1", "what", "remedy", new Exception());
    assertThatThrownBy(
            () ->
                lifecycle.start(
                    () -> {
                      throw why;
                    }))
        .isSameAs(why);
    assertThat(why.id()).isEqualTo("X-1");
  }

  @Test
  void anErrorLeavesNothingOpenEither() {
    assertThatThrownBy(
            () ->
                lifecycle.start(
                    () -> {
                      lifecycle.hold(resource("first"));
                      throw new NoClassDefFoundError("lost");
                    }))
        .isInstanceOf(StartException.class)
        .hasCauseInstanceOf(NoClassDefFoundError.class);
    assertThat(closed).containsExactly("first");
    assertThat(lifecycle.state()).isEqualTo(State.FAILED);
  }

  @Test
  void aResourceThatDoesNotCloseDoesNotKeepTheOthersOpen() {
    lifecycle.start(
        () -> {
          lifecycle.hold(resource("first"));
          lifecycle.hold(
              () -> {
                throw new Exception("stuck");
              });
          lifecycle.hold(resource("last"));
        });
    lifecycle.close();
    assertThat(closed).containsExactly("last", "first");
    assertThat(lifecycle.state()).isEqualTo(State.STOPPED);
  }

  @Test
  void whatIsHeldTooLateIsClosedAtOnce() {
    lifecycle.close();
    assertThatThrownBy(() -> lifecycle.hold(resource("late")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nothing more can be opened");
    assertThat(closed).containsExactly("late");
  }

  @Test
  void closingBeforeStartingStopsIt() throws Exception {
    lifecycle.hold(resource("early"));
    lifecycle.close();
    assertThat(closed).containsExactly("early");
    lifecycle.awaitStop();
    assertThat(lifecycle.state()).isEqualTo(State.STOPPED);
  }

  @Test
  void closingWhileStartingIsRefused() throws Exception {
    var inside = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var thread =
        Thread.ofVirtual()
            .start(
                () ->
                    lifecycle.start(
                        () -> {
                          inside.countDown();
                          go.await();
                        }));
    inside.await();
    assertThatThrownBy(lifecycle::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> lifecycle.start(() -> {})).isInstanceOf(IllegalStateException.class);
    go.countDown();
    thread.join();
    lifecycle.close();
    assertThat(lifecycle.state()).isEqualTo(State.STOPPED);
  }
}
