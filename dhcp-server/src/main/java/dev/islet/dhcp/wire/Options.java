package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of a message by code, each whole (RFC 3396), in the order they came. */
public final class Options {
  private final Map<Integer, Octets> byCode;

  private Options(Map<Integer, Octets> byCode) {
    this.byCode = Collections.unmodifiableMap(new LinkedHashMap<>(byCode));
  }

  /** Copies the options. */
  public static Options of(Map<Integer, Octets> byCode) {
    return new Options(byCode);
  }

  /** All of them. */
  public Map<Integer, Octets> all() {
    return byCode;
  }

  /** One option's bytes. */
  public Optional<Octets> get(int code) {
    return Optional.ofNullable(byCode.get(code));
  }

  /** Whether an option is there. */
  public boolean has(int code) {
    return byCode.containsKey(code);
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
    return other instanceof Options o && byCode.equals(o.byCode);
  }

  @Override
  public int hashCode() {
    return byCode.hashCode();
  }

  @Override
  public String toString() {
    return byCode.toString();
  }
}
