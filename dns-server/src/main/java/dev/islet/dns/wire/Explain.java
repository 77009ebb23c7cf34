package dev.islet.dns.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Names every field of a message with its place, its value and the RFC that defines it. */
public final class Explain {
  private static final String HEADER = "RFC 1035 section 4.1.1";
  private static final String QUESTION = "RFC 1035 section 4.1.2";
  private static final String RECORD = "RFC 1035 section 4.1.3";
  private static final String NAME = "RFC 1035 section 4.1.4";
  private static final String EDNS = "RFC 6891 section 6.1";
  private static final String[] SECTIONS = {"question", "answer", "authority", "additional"};
  private static final String[] UPDATE_SECTIONS = {"zone", "prerequisite", "update", "additional"};
  private static final int OPCODE_UPDATE = 5;

  private final ByteBuffer bytes;
  private final List<Field> fields = new ArrayList<>();
  private final @Nullable Message parsed;
  private int at;

  private Explain(byte[] message) {
    this.bytes = ByteBuffer.wrap(message);
    this.parsed = parse(message);
  }

  /**
   * The fields in the order of the message. What breaks the form is the last field, with what is
   * wrong as its value.
   */
  public static List<Field> explain(byte[] message) {
    var explain = new Explain(message);
    var view = new MessageView();
    boolean good = view.read(ByteBuffer.wrap(message));
    int end = good ? message.length : view.malformed().offset();
    try {
      if (view.hasHeader()) {
        explain.message(end);
      }
    } catch (IndexOutOfBoundsException e) {
      good = false; // fields overlap the fault; it is named below
    }
    if (!good) {
      var fault = view.malformed();
      explain.add(fault.offset(), 0, "malformed", fault.reason().text(), "");
    }
    return List.copyOf(explain.fields);
  }

  private void message(int end) {
    header();
    boolean update = (u16(2) >> 11 & 0xF) == OPCODE_UPDATE;
    var names = update ? UPDATE_SECTIONS : SECTIONS;
    for (int i = u16(4); i > 0 && at < end; i--) {
      question(names[0]);
    }
    for (int section = 1; section < 4; section++) {
      for (int i = 0; i < u16(4 + 2 * section) && at < end; i++) {
        record(names[section], section, i);
      }
    }
  }

  private void header() {
    int flags = u16(2);
    add(0, 2, "ID", "%d (0x%04x)".formatted(u16(0), u16(0)), HEADER);
    add(2, 2, "flags", "0x%04x".formatted(flags), HEADER);
    bit(flags, 15, "QR", "response", "query", HEADER);
    int opcode = flags >> 11 & 0xF;
    add(2, 0, "OPCODE", opcode + " " + Opcode.string(opcode), HEADER);
    bit(flags, 10, "AA", "authoritative", "not authoritative", HEADER);
    bit(flags, 9, "TC", "cut", "whole", HEADER);
    bit(flags, 8, "RD", "recursion desired", "recursion not desired", HEADER);
    bit(flags, 7, "RA", "recursion available", "recursion not available", HEADER);
    bit(flags, 6, "Z", "must be zero", "zero", HEADER);
    bit(flags, 5, "AD", "authentic data", "not said to be authentic", "RFC 4035 section 3.2.3");
    bit(flags, 4, "CD", "checking disabled", "checking not disabled", "RFC 4035 section 3.2.2");
    int rcode = flags & 0xF;
    add(3, 0, "RCODE", rcode + " " + Rcode.string(rcode), HEADER);
    boolean update = opcode == OPCODE_UPDATE;
    var counts =
        update
            ? new String[] {"ZOCOUNT", "PRCOUNT", "UPCOUNT", "ADCOUNT"}
            : new String[] {"QDCOUNT", "ANCOUNT", "NSCOUNT", "ARCOUNT"};
    for (int i = 0; i < 4; i++) {
      int where = 4 + 2 * i;
      add(where, 2, counts[i], "" + u16(where), update ? "RFC 2136 section 2.2" : HEADER);
    }
    at = MessageView.HEADER;
  }

  private void bit(int flags, int bit, String name, String set, String clear, String rfc) {
    boolean on = (flags >> bit & 1) != 0;
    add(bit >= 8 ? 2 : 3, 0, name, (on ? "1 " + set : "0 " + clear), rfc);
  }

  private void question(String section) {
    name(section + " name");
    add(at, 2, section + " type", type(u16(at)), QUESTION);
    add(at + 2, 2, section + " class", DClass.string(u16(at + 2)), QUESTION);
    at += 4;
  }

  private void record(String section, int number, int index) {
    name(section + " owner");
    int type = u16(at);
    boolean opt = type == Type.OPT;
    add(at, 2, section + " type", type(type), opt ? EDNS : RECORD);
    if (opt) {
      add(at + 2, 2, "UDP size", u16(at + 2) + " bytes", "RFC 6891 section 6.2.3");
      add(at + 4, 1, "extended RCODE", "" + (bytes.get(at + 4) & 0xFF), EDNS + ".3");
      add(at + 5, 1, "EDNS version", "" + (bytes.get(at + 5) & 0xFF), EDNS + ".3");
      boolean ok = (bytes.get(at + 6) & 0x80) != 0;
      add(at + 6, 2, "EDNS flags", ok ? "DO: signatures wanted" : "none", "RFC 3225 section 3");
    } else {
      add(at + 2, 2, section + " class", DClass.string(u16(at + 2)), RECORD);
      add(at + 4, 4, section + " TTL", (bytes.getInt(at + 4) & 0xFFFF_FFFFL) + " s", RECORD);
    }
    int length = u16(at + 8);
    add(at + 8, 2, section + " RDLENGTH", length + " bytes", RECORD);
    at += 10;
    if (opt) {
      options(at + length);
    } else {
      add(at, length, section + " data", data(number, index, length), rfc(type));
    }
    at += length;
  }

  private void options(int end) {
    int option = at;
    while (option + 4 <= end) {
      int code = u16(option);
      int length = u16(option + 2);
      add(option, 2, "option", optionName(code), "RFC 6891 section 6.1.2");
      add(option + 2, 2, "option length", length + " bytes", "RFC 6891 section 6.1.2");
      add(option + 4, length, "option data", hex(option + 4, length), "RFC 6891 section 6.1.2");
      option += 4 + length;
    }
  }

  private static String optionName(int code) {
    return switch (code) {
      case 3 -> "3 NSID (RFC 5001)";
      case 8 -> "8 client subnet (RFC 7871)";
      case 10 -> "10 cookie (RFC 7873)";
      case 11 -> "11 TCP keepalive (RFC 7828)";
      case 12 -> "12 padding (RFC 7830)";
      case 15 -> "15 extended error (RFC 8914)";
      default -> code + " unknown";
    };
  }

  /** A name as the bytes have it: labels, and pointers with where they lead. */
  private void name(String what) {
    int start = at;
    var text = new StringBuilder();
    var pointer = "";
    int here = at;
    int part = at;
    int end = -1;
    while (true) {
      int octet = bytes.get(here) & 0xFF;
      if (octet >= 0xC0) {
        int target = u16(here) & 0x3FFF;
        end = end < 0 ? here + 2 : end;
        pointer = pointer.isEmpty() ? " (pointer at " + here + " to " + target + ")" : pointer;
        if (target >= part) {
          break; // malformed, and it would go round for ever
        }
        here = target;
        part = target;
      } else if (octet == 0) {
        end = end < 0 ? here + 1 : end;
        break;
      } else {
        for (int i = 1; i <= octet; i++) {
          char c = (char) (bytes.get(here + i) & 0xFF);
          text.append(
              c > 32 && c < 127 && c != '.' ? String.valueOf(c) : "\\%03d".formatted((int) c));
        }
        text.append('.');
        here += octet + 1;
      }
    }
    at = Math.max(end, start + 1);
    add(start, at - start, what, (text.isEmpty() ? "." : text) + pointer, NAME);
  }

  /** The data in master file form, read by dnsjava; hex where its form is not its type's. */
  private String data(int section, int index, int length) {
    var records = parsed == null ? List.<Record>of() : parsed.getSection(section);
    if (index >= records.size() || length == 0) {
      return hex(at, length);
    }
    try {
      return records.get(index).rdataToString();
    } catch (IllegalArgumentException e) {
      return hex(at, length); // a number in it has no name, as an error of TSIG above 4095
    }
  }

  private static @Nullable Message parse(byte[] message) {
    try {
      return new Message(message);
    } catch (IOException | RuntimeException e) {
      return null; // some record's data; its bytes are shown instead
    }
  }

  private static String rfc(int type) {
    return switch (type) {
      case Type.A -> "RFC 1035 section 3.4.1";
      case Type.NS -> "RFC 1035 section 3.3.11";
      case Type.CNAME -> "RFC 1035 section 3.3.1";
      case Type.SOA -> "RFC 1035 section 3.3.13";
      case Type.PTR -> "RFC 1035 section 3.3.12";
      case Type.MX -> "RFC 1035 section 3.3.9";
      case Type.TXT -> "RFC 1035 section 3.3.14";
      case Type.AAAA -> "RFC 3596 section 2.2";
      case Type.SRV -> "RFC 2782";
      case Type.DNAME -> "RFC 6672 section 2.1";
      case Type.DHCID -> "RFC 4701 section 3.1";
      case Type.TSIG -> "RFC 8945 section 4.2";
      case Type.SVCB, Type.HTTPS -> "RFC 9460 section 2.2";
      case Type.DS, Type.DNSKEY, Type.RRSIG, Type.NSEC -> "RFC 4034";
      default -> "RFC 3597";
    };
  }

  private static String type(int type) {
    return type + " " + Type.string(type);
  }

  private String hex(int from, int length) {
    var array = bytes.array();
    int end = Math.min(array.length, from + length);
    return from >= end ? "" : HexFormat.of().formatHex(array, from, end);
  }

  /** A malformed message may end before a length in it says; a field ends with the message. */
  private void add(int offset, int length, String name, String value, String rfc) {
    int there = Math.min(length, bytes.capacity() - offset);
    fields.add(new Field(offset, there, name, value, rfc));
  }

  private int u16(int index) {
    return bytes.getShort(index) & 0xFFFF;
  }
}
