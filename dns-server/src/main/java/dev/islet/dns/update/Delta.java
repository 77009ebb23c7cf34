package dev.islet.dns.update;

import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** The sum of all changes of one zone over its master file; what came and went leaves no trace. */
final class Delta {
  private final Name zone;
  private final Set<Record> removed = new LinkedHashSet<>();
  private final Set<Record> added = new LinkedHashSet<>();
  private String base = "";
  private long serial;
  private boolean used;

  Delta(Name zone) {
    this.zone = zone;
  }

  boolean isEmpty() {
    return !used;
  }

  void add(Change change) {
    used = true;
    base = change.base();
    serial = change.serial();
    for (var record : change.removed()) {
      added.remove(record);
      removed.add(record); // the master file may hold it too; forget() sees to the others
    }
    for (var record : change.added()) {
      if (record.getType() == Type.SOA) {
        added.removeIf(r -> r.getType() == Type.SOA);
      }
      removed.remove(record);
      added.remove(record); // equal but for the TTL
      added.add(record);
    }
  }

  /** Forgets removals of what the master file does not hold: names that came and went. */
  void forget(Zone master, Iterable<Record> candidates) {
    var held = master.edit();
    for (var record : candidates) {
      if (!held.holds(record)) {
        removed.remove(record);
      }
    }
  }

  /** All of it as one change. */
  Change sum() {
    return new Change(zone, base, serial, new ArrayList<>(removed), new ArrayList<>(added));
  }

  /**
   * The master file's zone with all changes on top. The serial never goes back: it is the later of
   * both, and one of the zone's policy where the file was edited.
   */
  Zone over(UpdateEngine.Master master, Baseline written) {
    var file = master.zone();
    var edit = file.edit();
    if (!used) {
      edit.serial(master.serial().first(file.serial(), master.read()));
      return edit.serial() == file.serial() ? file : edit.done();
    }
    forget(file, List.copyOf(removed));
    removed.forEach(edit::remove);
    added.forEach(r -> Updater.add(edit, file.origin(), r));
    boolean edited = !written.text().equals(base);
    edit.serial(
        edited
            ? master.serial().edited(file.serial(), serial, master.read())
            : Serial.later(file.serial(), serial));
    return edit.done();
  }

  /** Whether the zone of a master file was not served before, so that its serial is to be kept. */
  boolean isNews(Baseline written) {
    return !used || !written.text().equals(base);
  }
}
