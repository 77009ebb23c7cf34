package dev.islet.web;

import dev.islet.web.WebConfig.LimitsConfig;
import dev.islet.web.model.ByteSize;
import java.time.Duration;

/** Limits small enough for tests. */
final class LimitsFixture {
  private LimitsFixture() {}

  static LimitsConfig handlerBody(LimitsConfig l, long bytes) {
    return new LimitsConfig(
        l.connections(),
        l.perClient(),
        l.headTime(),
        l.idleTime(),
        l.webSocketIdleTime(),
        l.head(),
        l.headers(),
        l.target(),
        l.body(),
        new ByteSize(bytes),
        l.minRate(),
        l.streams());
  }

  static LimitsConfig times(LimitsConfig l, Duration head, Duration idle) {
    return new LimitsConfig(
        l.connections(),
        l.perClient(),
        head,
        idle,
        l.webSocketIdleTime(),
        l.head(),
        l.headers(),
        l.target(),
        l.body(),
        l.handlerBody(),
        l.minRate(),
        l.streams());
  }

  static LimitsConfig counts(LimitsConfig l, int connections, int perClient) {
    return new LimitsConfig(
        connections,
        perClient,
        l.headTime(),
        l.idleTime(),
        l.webSocketIdleTime(),
        l.head(),
        l.headers(),
        l.target(),
        l.body(),
        l.handlerBody(),
        l.minRate(),
        l.streams());
  }
}
