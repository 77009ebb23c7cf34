package dev.islet.dns.peer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Random;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSIDOption;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Questions as bytes. */
final class Queries {
  private static final int[] SIZES = {0, 512, 600, 1232, 4096, 65_535};

  private Queries() {}

  /** Without recursion or EDNS. */
  static byte[] plain(String name, String type) {
    return message(name, type).toWire();
  }

  /** Without recursion, by somebody who wants signatures and proofs. */
  static byte[] proving(String name, String type) {
    var message = message(name, type);
    message.addRecord(new OPTRecord(4096, 0, 0, 0x8000), Section.ADDITIONAL);
    return message.toWire();
  }

  private static Message message(String name, String type) {
    var message = new Message(0);
    message.addRecord(
        Record.newRecord(Name.fromConstantString(name), Type.value(type), DClass.IN),
        Section.QUESTION);
    return message;
  }

  /** With flags and EDNS of all kinds. */
  static byte[] varied(String name, String type, Random random) {
    int flags = random.nextInt(3) == 0 ? random.nextInt(0x10000) & 0x0130 : 0;
    var message = message(name, type);
    if (random.nextInt(3) > 0) {
      var options = new ArrayList<EDNSOption>();
      if (random.nextInt(8) == 0) {
        options.add(new NSIDOption(new byte[0]));
      }
      if (random.nextInt(8) == 0) {
        options.add(new GenericEDNSOption(65_001, new byte[random.nextInt(20)]));
      }
      if (random.nextInt(8) == 0) {
        options.add(new CookieOption(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
      }
      if (random.nextInt(8) == 0) {
        options.add(new GenericEDNSOption(12, new byte[30]));
      }
      int version = random.nextInt(50) == 0 ? 1 + random.nextInt(3) : 0;
      int extended = random.nextInt(4) == 0 ? 0x8000 : 0;
      int size = SIZES[random.nextInt(SIZES.length)];
      message.addRecord(new OPTRecord(size, 0, version, extended, options), Section.ADDITIONAL);
    }
    var wire = message.toWire();
    wire[2] |= (byte) (flags >> 8);
    wire[3] |= (byte) flags;
    return wire;
  }

  /** How much a datagram may hold for this asker, given that nobody sends more than 1232 bytes. */
  static int limit(byte[] question) {
    var opt = read(question).getOPT();
    return opt == null ? 512 : Math.clamp(opt.getPayloadSize(), 512, 1232);
  }

  /** A question for people. */
  static String text(byte[] question) {
    var message = read(question);
    return message.getQuestion() + " " + message.getHeader().printFlags() + " " + message.getOPT();
  }

  private static Message read(byte[] question) {
    try {
      return new Message(question);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
