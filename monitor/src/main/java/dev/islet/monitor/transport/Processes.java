package dev.islet.monitor.transport;

import dev.islet.monitor.model.ServiceSample;
import dev.islet.monitor.wire.Scrape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process and the container of a service, from what it tells of itself. Services with the same
 * process in the same namespace share it.
 */
public final class Processes {
  private static final String NO_MEMORY_GROUP =
      "the kernel counts no memory for containers: add cgroup_enable=memory cgroup_memory=1 to the"
          + " one line of /boot/firmware/cmdline.txt and restart the board";

  private Processes() {}

  static ServiceSample.@Nullable Process process(
      String service, @Nullable Scrape before, Scrape now) {
    var prefix = "islet_" + service + "_process_";
    var identity = now.label(prefix + "info", "process");
    if (identity == null || !identity.matches("\\d{1,10}@\\d*")) {
      return null;
    }
    return new ServiceSample.Process(
        Long.parseLong(identity.substring(0, identity.indexOf('@'))),
        List.of(),
        rate(prefix + "cpu_seconds", before, now),
        whole(now.value(prefix + "resident_bytes")),
        whole(now.value(prefix + "share_bytes")),
        whole(now.value(prefix + "threads")));
  }

  static ServiceSample.@Nullable Container container(
      String service, @Nullable Scrape before, Scrape now) {
    var prefix = "islet_" + service + "_container_";
    if (now.value(prefix + "cpu_seconds") == null && now.value(prefix + "memory_bytes") == null) {
      return null;
    }
    var memory = whole(now.value(prefix + "memory_bytes"));
    return new ServiceSample.Container(
        "islet-" + service,
        rate(prefix + "cpu_seconds", before, now),
        memory,
        whole(now.value(prefix + "memory_limit_bytes")),
        memory == null ? NO_MEMORY_GROUP : null);
  }

  /** Marks those that run in one process together. */
  public static List<ServiceSample> shared(
      List<ServiceSample> services, Map<String, String> identities) {
    var groups = new LinkedHashMap<String, List<String>>();
    for (var service : services) {
      var identity = identities.get(service.name());
      if (identity != null && !identity.isEmpty()) {
        groups.computeIfAbsent(identity, i -> new ArrayList<>()).add(service.name());
      }
    }
    var marked = new ArrayList<ServiceSample>();
    for (var service : services) {
      var process = service.process();
      var group = groups.getOrDefault(identities.getOrDefault(service.name(), ""), List.of());
      marked.add(
          process == null || group.size() < 2
              ? service
              : new ServiceSample(
                  service.name(),
                  service.state(),
                  service.why(),
                  service.address(),
                  service.endpoints(),
                  new ServiceSample.Process(
                      process.pid(),
                      List.copyOf(group),
                      process.cpu(),
                      process.rss(),
                      process.pss(),
                      process.threads()),
                  service.container(),
                  service.figures()));
    }
    return marked;
  }

  private static @Nullable Double rate(String name, @Nullable Scrape before, Scrape now) {
    var is = now.value(name);
    var was = before == null ? null : before.value(name);
    return is == null || was == null || before == null || is < was || now.at() <= before.at()
        ? null
        : Double.valueOf((is - was) / ((now.at() - before.at()) / 1e9));
  }

  private static @Nullable Long whole(@Nullable Double value) {
    return value == null ? null : Long.valueOf(value.longValue());
  }
}
