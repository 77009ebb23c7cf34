package dev.islet.dns.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xbill.DNS.Name;

/** Any text as a master file: a zone that can be walked, or a fault with a line. */
public final class ZoneTarget {
  private static final Name ORIGIN = Name.fromConstantString("home.arpa.");

  private ZoneTarget() {}

  public static void fuzzerTestOneInput(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.toUpperCase(java.util.Locale.ROOT).contains("$INCLUDE")) {
      return; // names files of the machine
    }
    try {
      var zone = MasterFile.lines(List.of(text), ORIGIN, "fuzz");
      if (zone.records().count() < 2 || !zone.origin().equals(ORIGIN)) {
        throw new AssertionError("a zone without its top");
      }
    } catch (ZoneFault e) {
      if (!e.toString().startsWith("fuzz") || e.line() < 0) {
        throw new AssertionError("a fault without its place", e);
      }
    }
  }
}
