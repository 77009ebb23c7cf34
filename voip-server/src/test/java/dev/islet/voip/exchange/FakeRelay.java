package dev.islet.voip.exchange;

import dev.islet.voip.media.Relay;
import dev.islet.voip.media.RelayCall;
import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaSilence;
import dev.islet.voip.model.MediaTarget;
import dev.islet.voip.model.QualityLeg;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A relay without sockets: gives out port numbers and notes what it is told. */
final class FakeRelay implements Relay {
  final List<String> told = new ArrayList<>();
  int open;
  int room = 100;
  private int next = 10_000;

  @Override
  public Opening open(
      String callId, InetAddress localA, InetAddress localB, Consumer<MediaSilence> onSilence) {
    if (open >= room) {
      return new Exhausted("full");
    }
    open++;
    next += 4;
    return new Opened(new Call(next));
  }

  @Override
  public int calls() {
    return open;
  }

  @Override
  public int room() {
    return room - open;
  }

  @Override
  public Counts counts() {
    return new Counts(0, 0, 0, 0, 0);
  }

  @Override
  public void close() {}

  private final class Call implements RelayCall {
    private final int port;
    private boolean ended;

    Call(int port) {
      this.port = port;
    }

    @Override
    public int portA() {
      return port;
    }

    @Override
    public int portB() {
      return port + 2;
    }

    @Override
    public void expect(MediaLeg leg, MediaTarget target) {
      told.add(leg + " " + target.rtp().getPort() + " " + target.direction());
    }

    @Override
    public void answered() {
      told.add("answered");
    }

    @Override
    public CallQuality snapshot() {
      return new CallQuality(leg(MediaLeg.A), leg(MediaLeg.B), List.of());
    }

    @Override
    public CallQuality end() {
      if (!ended) {
        ended = true;
        open--;
        told.add("end");
      }
      return snapshot();
    }
  }

  /** A leg without figures, whatever figures there are. */
  private static QualityLeg leg(MediaLeg side) {
    var type = QualityLeg.class;
    var values = new ArrayList<Object>();
    for (var component : type.getRecordComponents()) {
      var of = component.getType();
      values.add(
          of == MediaLeg.class
              ? side
              : of == java.util.Optional.class ? java.util.Optional.empty() : (Object) 0L);
    }
    try {
      return (QualityLeg) type.getDeclaredConstructors()[0].newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
