package dev.islet.dns.update;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The parts of an update (RFC 2136 section 2). Read only after its signature was found good.
 *
 * @param zones how many entries the zone section has; must be 1
 * @param zone the zone's name
 * @param zoneType must be SOA
 */
public record UpdateMessage(
    int zones,
    Name zone,
    int zoneType,
    int zoneClass,
    List<Record> prerequisites,
    List<Record> updates) {
  public UpdateMessage {
    prerequisites = List.copyOf(prerequisites);
    updates = List.copyOf(updates);
  }

  /** Reads the message; empty if some record's data is not of its type's form. */
  public static Optional<UpdateMessage> read(byte[] bytes) {
    try {
      var message = new Message(bytes);
      var zones = message.getSection(Section.ZONE);
      var first = zones.isEmpty() ? null : zones.getFirst();
      return Optional.of(
          new UpdateMessage(
              zones.size(),
              first == null ? Name.root : first.getName(),
              first == null ? Type.SOA : first.getType(),
              first == null ? 1 : first.getDClass(),
              new ArrayList<>(message.getSection(Section.PREREQ)),
              new ArrayList<>(message.getSection(Section.UPDATE))));
    } catch (IOException | RuntimeException e) {
      // dnsjava checks some values only in constructors, which throw unchecked
      return Optional.empty();
    }
  }
}
