package dev.islet.dns.store;

import dev.islet.dns.infra.RootHints;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** Reads root hints (RFC 8109 section 2) in the form of InterNIC's named.root. */
public final class HintsFile {
  private static final Pattern LINE = Pattern.compile(":(\\d+): ");

  private HintsFile() {}

  /** The root servers that a file names, with their addresses. */
  public static RootHints read(Path file) throws ZoneFault {
    var servers = new LinkedHashMap<Name, List<InetAddress>>();
    var addresses = new ArrayList<Record>();
    try (var bytes = Files.newInputStream(file);
        var master = new Master(bytes, Name.root, 3_600_000)) {
      master.disableIncludes();
      for (var record = master.nextRecord(); record != null; record = master.nextRecord()) {
        switch (record) {
          case NSRecord ns when ns.getName().equals(Name.root) ->
              servers.put(ns.getTarget(), new ArrayList<>());
          case ARecord a -> addresses.add(a);
          case AAAARecord aaaa -> addresses.add(aaaa);
          default ->
              throw new ZoneFault(
                  file.toString(), 0, "only NS of the root, A and AAAA: " + record.getName());
        }
      }
    } catch (java.nio.file.NoSuchFileException e) {
      throw new ZoneFault(file.toString(), 0, "there is no such file");
    } catch (IOException e) {
      var text = String.valueOf(e.getMessage());
      var line = LINE.matcher(text);
      throw new ZoneFault(file.toString(), line.find() ? Integer.parseInt(line.group(1)) : 0, text);
    }
    for (var address : addresses) {
      var known = servers.get(address.getName());
      if (known != null) {
        known.add(ip(address));
      }
    }
    if (servers.values().stream().allMatch(List::isEmpty)) {
      throw new ZoneFault(file.toString(), 0, "no root server with an address");
    }
    return new RootHints(servers);
  }

  private static InetAddress ip(Record record) {
    return record instanceof ARecord a ? a.getAddress() : ((AAAARecord) record).getAddress();
  }
}
