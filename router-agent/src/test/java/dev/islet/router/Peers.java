package dev.islet.router;

import dev.islet.testkit.Namespaces;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Who is beside us in these tests: the kernel with its routes, and FRR. */
final class Peers {
  private static final Pattern OBJECT = Pattern.compile("\\{([^{}]*)}");

  private Peers() {}

  /** Routes as {@code ip -j route} tells them: destination, gateway, device, metric. */
  static TreeSet<String> routes(Namespaces hosts, String host, String protocol) {
    var json = hosts.ip(host, "-j", "route", "show", "table", "all", "proto", protocol);
    var routes = new TreeSet<String>();
    var matcher = OBJECT.matcher(json);
    while (matcher.find()) {
      var object = matcher.group(1);
      routes.add(
          (field(object, "type")
                  + " "
                  + field(object, "dst")
                  + " via "
                  + field(object, "gateway")
                  + " dev "
                  + field(object, "dev")
                  + " metric "
                  + field(object, "metric"))
              .strip());
    }
    return routes;
  }

  private static String field(String object, String name) {
    var matcher = Pattern.compile("\"" + name + "\":\"?([^\",]*)").matcher(object);
    return matcher.find() ? matcher.group(1) : "-";
  }

  /** FRR's zebra and ripd in a namespace. */
  static void frr(Namespaces hosts, String host, Path folder, String ripd) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("zebra.conf"), "hostname peer\n");
    Files.writeString(folder.resolve("ripd.conf"), ripd);
    for (var at = folder; at != null && at.getNameCount() > 1; at = at.getParent()) {
      Namespaces.command("chmod", "a+rx", at.toString());
    }
    Namespaces.command("chown", "-R", "frr:frr", folder.toString());
    for (var daemon : List.of("zebra", "ripd")) {
      hosts.spawn(
          host,
          folder.resolveSibling(daemon + ".log"),
          List.of(
              "/usr/lib/frr/" + daemon,
              "-f",
              folder.resolve(daemon + ".conf").toString(),
              "-i",
              folder.resolve(daemon + ".pid").toString(),
              "-z",
              folder.resolve("zserv.api").toString(),
              "--vty_socket",
              folder.toString(),
              "-A",
              "127.0.0.1",
              "-u",
              "frr",
              "-g",
              "frr"));
      var socket = folder.resolve("zserv.api");
      Wait.until(
          Duration.ofSeconds(10),
          () -> Files.exists(socket) ? "" : "zebra has not made its socket");
    }
  }
}
