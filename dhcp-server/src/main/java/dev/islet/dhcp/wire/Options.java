package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of a message by code, each whole (RFC 3396), in the order they came. */
public final class Options {
  // A message has a dozen options: two short arrays are searched faster than a map is built.
  private final int[] codes;
  private final Octets[] values;

  private Options(int[] codes, Octets[] values) {
    this.codes = codes;
    this.values = values;
  }

  /** Copies the options. */
  public static Options of(Map<Integer, Octets> byCode) {
    var draft = new Draft();
    byCode.forEach(draft::put);
    return draft.done();
  }

  /** Options that are being gathered; each code is there once, where it was put first. */
  public static final class Draft {
    private int[] codes = new int[16];
    private Octets[] values = new Octets[16];
    private int size;

    /** Sets an option's bytes. */
    public void put(int code, Octets value) {
      int at = find(codes, size, code);
      if (at >= 0) {
        values[at] = value;
        return;
      }
      if (size == codes.length) {
        codes = Arrays.copyOf(codes, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
      }
      codes[size] = code;
      values[size++] = value;
    }

    /** What was gathered. */
    public Options done() {
      return new Options(Arrays.copyOf(codes, size), Arrays.copyOf(values, size));
    }
  }

  private static int find(int[] codes, int size, int code) {
    for (int i = 0; i < size; i++) {
      if (codes[i] == code) {
        return i;
      }
    }
    return -1;
  }

  /** All of them. */
  public Map<Integer, Octets> all() {
    var all = new LinkedHashMap<Integer, Octets>();
    for (int i = 0; i < codes.length; i++) {
      all.put(codes[i], values[i]);
    }
    return Collections.unmodifiableMap(all);
  }

  /** How many there are. */
  int size() {
    return codes.length;
  }

  /** The code of one of them. */
  int code(int index) {
    return codes[index];
  }

  /** The bytes of one of them. */
  Octets value(int index) {
    return values[index];
  }

  /** One option's bytes. */
  public Optional<Octets> get(int code) {
    int at = find(codes, codes.length, code);
    return at < 0 ? Optional.empty() : Optional.of(values[at]);
  }

  /** Whether an option is there. */
  public boolean has(int code) {
    return find(codes, codes.length, code) >= 0;
  }

  /** Option 53; empty for BOOTP and for unknown types. */
  public Optional<MessageType> type() {
    return get(Code.MESSAGE_TYPE).flatMap(o -> MessageType.of(o.at(0)));
  }

  /** An option that holds one address. */
  public Optional<Ip4> address(int code) {
    return get(code).filter(o -> o.size() == 4).map(o -> new Ip4(o.int32(0)));
  }

  /** An option that holds a number of four bytes. */
  public Optional<Long> number32(int code) {
    return get(code).filter(o -> o.size() == 4).map(o -> Integer.toUnsignedLong(o.int32(0)));
  }

  /** The codes of option 55 in the client's order; empty if it sent none. */
  public List<Integer> parameterList() {
    var codes = new ArrayList<Integer>();
    get(Code.PARAMETER_LIST)
        .ifPresent(
            o -> {
              for (int i = 0; i < o.size(); i++) {
                codes.add(o.at(i));
              }
            });
    return codes;
  }

  /** Option 57, if it was sent. */
  public Optional<Integer> maxSize() {
    return get(Code.MAX_SIZE).filter(o -> o.size() == 2).map(o -> o.uint16(0));
  }

  /** What a relay has added; nothing if none did. */
  public RelayInfo relayInfo() {
    return get(Code.RELAY_INFO).map(RelayInfo::read).orElse(RelayInfo.NONE);
  }

  /** Option 12, without the terminator that some clients send. */
  public Optional<String> hostName() {
    return get(Code.HOST_NAME).map(o -> OptionCodec.readText(o).text());
  }

  /** Option 81. */
  public Optional<OptionData.Fqdn> fqdn() {
    return get(Code.FQDN).flatMap(OptionCodec::readFqdn);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Options o && all().equals(o.all());
  }

  @Override
  public int hashCode() {
    return all().hashCode();
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
