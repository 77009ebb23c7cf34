package dev.islet.dhcp;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Encoder;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.OptionCodec;
import dev.islet.dhcp.wire.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds what clients say. */
public final class Ask {
  private final Map<Integer, Octets> options = new LinkedHashMap<>();
  private final HardwareAddress client;
  private Ip4 ciaddr = Ip4.NONE;
  private Ip4 giaddr = Ip4.NONE;
  private int flags;
  private int xid = 0x1234_5678;

  private Ask(MessageType type, HardwareAddress client) {
    this.client = client;
    options.put(Code.MESSAGE_TYPE, Octets.of((byte) type.code()));
  }

  public static Ask discover(String mac) {
    return new Ask(MessageType.DISCOVER, HardwareAddress.parse(mac));
  }

  public static Ask request(String mac) {
    return new Ask(MessageType.REQUEST, HardwareAddress.parse(mac));
  }

  public static Ask of(MessageType type, String mac) {
    return new Ask(type, HardwareAddress.parse(mac));
  }

  public Ask wish(Object address) {
    return option(Code.REQUESTED_ADDRESS, OptionCodec.address(Ip4.parse(address.toString())));
  }

  public Ask server(String address) {
    return option(Code.SERVER_ID, OptionCodec.address(Ip4.parse(address)));
  }

  public Ask has(Object address) {
    ciaddr = Ip4.parse(address.toString());
    return this;
  }

  public Ask relay(String address) {
    giaddr = Ip4.parse(address);
    return this;
  }

  public Ask broadcast() {
    flags = Message.BROADCAST;
    return this;
  }

  public Ask xid(int value) {
    xid = value;
    return this;
  }

  public Ask wants(Integer... codes) {
    var list = new byte[codes.length];
    for (int i = 0; i < codes.length; i++) {
      list[i] = codes[i].byteValue();
    }
    return option(Code.PARAMETER_LIST, Octets.of(list));
  }

  public Ask name(String name) {
    return option(Code.HOST_NAME, OptionCodec.text(name));
  }

  public Ask id(String hex) {
    return option(Code.CLIENT_ID, Octets.parse(hex));
  }

  public Ask option(int code, Octets value) {
    options.put(code, value);
    return this;
  }

  public Message message() {
    return new Message(
        Message.REQUEST,
        client,
        0,
        xid,
        7,
        flags,
        ciaddr,
        Ip4.NONE,
        Ip4.NONE,
        giaddr,
        Octets.EMPTY,
        Octets.EMPTY,
        Options.of(options));
  }

  public byte[] bytes() {
    return Encoder.encode(message(), List.of(), 1400).bytes();
  }

  /** Option codes of raw bytes in the order of the wire. */
  public static List<Integer> codes(byte[] bytes) {
    var codes = new ArrayList<Integer>();
    int at = Message.HEADER;
    while (at < bytes.length && (bytes[at] & 0xFF) != Code.END) {
      if (bytes[at] == 0) {
        at++;
      } else {
        codes.add(bytes[at] & 0xFF);
        at += 2 + (bytes[at + 1] & 0xFF);
      }
    }
    return codes;
  }
}
