package dev.islet.dns.store;

import dev.islet.dns.validate.AnchorKey;
import dev.islet.dns.validate.AnchorPhase;
import dev.islet.dns.validate.KeptAnchors;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * What is known of trust anchors (RFC 5011), kept over restarts: a line for each anchor that was
 * configured, {@code START . DS …}, and for each key seen, with its phase and since when, {@code
 * VALID 2026-06-01T12:00:00Z . 172800 DNSKEY …}. Replaced whole at each change, a few times a year.
 */
public final class AnchorFile {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final String START = "START";

  private final Path file;

  public AnchorFile(Path file) {
    this.file = file;
  }

  /** What was kept, by zone; nothing if the file cannot be read, so that all begins anew. */
  public Map<Name, KeptAnchors> read() {
    try {
      return Files.exists(file) ? parse(Files.readAllLines(file)) : Map.of();
    } catch (IOException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "service=dns file=" + file + " is not used, trust begins with the configuration: " + e);
      return Map.of();
    }
  }

  /** Keeps all that is known; failing that, what was kept before stays. */
  public void keep(Map<Name, KeptAnchors> all) {
    var text = new StringBuilder("# trust anchors as they were seen; written by the server\n");
    all.forEach(
        (zone, kept) -> {
          for (var digest : kept.start()) {
            text.append("START ").append(zone).append(" DS ").append(digest.rdataToString());
            text.append('\n');
          }
          for (var key : kept.keys()) {
            text.append(key.phase()).append(' ').append(Instant.ofEpochSecond(key.since()));
            text.append(' ').append(zone).append(' ').append(key.key().getTTL());
            text.append(" DNSKEY ").append(key.key().rdataToString()).append('\n');
          }
        });
    try {
      WholeFile.write(file, text.toString());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=dns file=" + file + " cannot be written: " + e);
    }
  }

  private static Map<Name, KeptAnchors> parse(List<String> lines) throws IOException {
    var starts = new HashMap<Name, List<DSRecord>>();
    var keys = new HashMap<Name, List<AnchorKey>>();
    for (var line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith(START)) {
        var words = words(line, 4);
        var zone = Name.fromString(words[1]);
        var record = Record.fromString(zone, Type.DS, DClass.IN, 0, words[3], Name.root);
        starts.computeIfAbsent(zone, z -> new ArrayList<>()).add((DSRecord) record);
      } else {
        var words = words(line, 6);
        var zone = Name.fromString(words[2]);
        long ttl = Long.parseLong(words[3]);
        var record = Record.fromString(zone, Type.DNSKEY, DClass.IN, ttl, words[5], Name.root);
        keys.computeIfAbsent(zone, z -> new ArrayList<>())
            .add(
                new AnchorKey(
                    (DNSKEYRecord) record,
                    AnchorPhase.valueOf(words[0]),
                    Instant.parse(words[1]).getEpochSecond()));
      }
    }
    var all = new HashMap<Name, KeptAnchors>();
    starts.forEach(
        (zone, start) -> all.put(zone, new KeptAnchors(start, keys.getOrDefault(zone, List.of()))));
    return all;
  }

  private static String[] words(String line, int count) throws IOException {
    var words = line.split(" ", count);
    if (words.length < count) {
      throw new IOException("not a line of it: " + line);
    }
    return words;
  }
}
