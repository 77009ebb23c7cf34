package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;

/**
 * One address that has been given at least once; changed only by {@link LeaseTable}.
 *
 * <p>There may be hundreds of thousands of them on a machine with little memory, so it holds bytes
 * and makes values of them when it is asked: the hardware address, and behind it whom the lease
 * belongs to, unless that is the hardware address again.
 */
final class Lease {
  private static final LeaseState[] STATES = LeaseState.values();
  private static final ClientKey.Kind[] KINDS = ClientKey.Kind.values();

  private final int address;
  private byte state = (byte) LeaseState.FREE.ordinal();
  private byte kind = (byte) ClientKey.Kind.NOBODY.ordinal();
  private byte hardwareType;
  private byte hardwareSize;

  /** The hardware address, then the owner's value if it is not made of that. */
  private byte[] who;

  /** The label it has in DNS while it is BOUND, else the one it had there; or empty. */
  String label = "";

  /** When the state ends; when it began, if FREE. */
  long until;

  /** What the lease file says; at least what was promised, 0 if it is not known to be there. */
  long durableUntil;

  /** When the soonest timer set for it comes. */
  long timer = Engine.NEVER;

  /** A lease that nobody has. */
  Lease(Ip4 address, HardwareAddress hardware, long until) {
    this.address = address.bits();
    this.until = until;
    this.hardwareType = (byte) hardware.type();
    this.hardwareSize = (byte) hardware.address().size();
    this.who = hardware.address().toBytes();
  }

  Ip4 address() {
    return new Ip4(address);
  }

  boolean isAt(Ip4 other) {
    return address == other.bits();
  }

  LeaseState state() {
    return STATES[state];
  }

  void state(LeaseState next) {
    state = (byte) next.ordinal();
  }

  boolean isBound() {
    return state() == LeaseState.BOUND;
  }

  // ---- who has it

  HardwareAddress hardware() {
    return new HardwareAddress(hardwareType & 0xFF, Octets.of(who, 0, hardwareSize));
  }

  ClientKey owner() {
    var of = KINDS[kind];
    return switch (of) {
      case NOBODY -> ClientKey.NOBODY;
      case HARDWARE -> isOwnHardware() ? ClientKey.of(hardware()) : new ClientKey(of, rest());
      case CLIENT_ID, CLIENT_ID_DIGEST, CIRCUIT, DUID -> new ClientKey(of, rest());
    };
  }

  private Octets rest() {
    return Octets.of(who, hardwareSize, who.length - hardwareSize);
  }

  /** Whether the owner is the hardware address, and not written twice. */
  private boolean isOwnHardware() {
    return KINDS[kind] == ClientKey.Kind.HARDWARE && who.length == hardwareSize;
  }

  boolean hasOwner() {
    return KINDS[kind] != ClientKey.Kind.NOBODY;
  }

  boolean isOf(ClientKey key) {
    if (kind != key.kind().ordinal() || ownerSize() != key.value().size()) {
      return false;
    }
    for (int i = 0; i < ownerSize(); i++) {
      if (ownerByte(i) != key.value().at(i)) {
        return false;
      }
    }
    return true;
  }

  /** Where its owner is found; the same as {@link #hash(ClientKey)} of the owner. */
  int ownerHash() {
    int hash = kind;
    for (int i = 0; i < ownerSize(); i++) {
      hash = mix(hash, ownerByte(i));
    }
    return spread(hash);
  }

  static int hash(ClientKey key) {
    int hash = key.kind().ordinal();
    for (int i = 0; i < key.value().size(); i++) {
      hash = mix(hash, key.value().at(i));
    }
    return spread(hash);
  }

  private static int mix(int hash, int octet) {
    return (hash ^ octet) * 0x01000193;
  }

  static int spread(int hash) {
    int h = hash * 0x9E3779B9;
    return h ^ h >>> 15;
  }

  private int ownerSize() {
    return isOwnHardware() ? hardwareSize + 1 : who.length - hardwareSize;
  }

  /** A byte of the owner's value, as {@link ClientKey#of} makes it of hardware. */
  private int ownerByte(int index) {
    if (!isOwnHardware()) {
      return who[hardwareSize + index] & 0xFF;
    }
    return (index == 0 ? hardwareType : who[index - 1]) & 0xFF;
  }

  /** Whom it belongs to, and what that client's messages come from. */
  void who(ClientKey owner, HardwareAddress hardware) {
    boolean known = isOf(owner) && isFrom(hardware);
    if (known) {
      return;
    }
    boolean same = owner.equals(ClientKey.of(hardware));
    kind = (byte) owner.kind().ordinal();
    hardwareType = (byte) hardware.type();
    hardwareSize = (byte) hardware.address().size();
    who = (same ? hardware.address() : hardware.address().plus(owner.value())).toBytes();
  }

  boolean isFrom(HardwareAddress hardware) {
    if (hardwareType != (byte) hardware.type() || hardwareSize != hardware.address().size()) {
      return false;
    }
    for (int i = 0; i < hardwareSize; i++) {
      if ((who[i] & 0xFF) != hardware.address().at(i)) {
        return false;
      }
    }
    return true;
  }

  // ---- what is said of it

  /** The label it has in DNS, or empty. */
  String name() {
    return isBound() ? label : "";
  }

  /** When time does something to it. */
  long deadline() {
    return state() == LeaseState.FREE ? Engine.NEVER : until;
  }

  /** What is written down: at least what was promised. */
  LeaseRecord record(long now) {
    return record(now, isBound() ? Math.max(until, durableUntil) : until);
  }

  /** What was promised. */
  LeaseRecord promise(long now) {
    return record(now, until);
  }

  private LeaseRecord record(long now, long end) {
    return new LeaseRecord(address(), state(), owner(), hardware(), end, label, now);
  }
}
