package dev.islet.core.net.socket;

import dev.islet.core.net.Nic;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * How a UDP socket is opened. Begin with {@link #on} and add what differs:
 *
 * <pre>{@code UdpOptions.on(new InetSocketAddress(67)).withDevice("eth0").withBroadcast(true)}
 * </pre>
 *
 * @param bind address and port; port 0 takes any; {@code [::]} takes IPv4 as well unless {@code
 *     ipv6Only}
 * @param reusePort several sockets share the port and the kernel spreads flows over them
 * @param reuseAddress several sockets may bind a multicast port
 * @param device the one interface to receive from and send to
 * @param broadcast allow sending to broadcast addresses
 * @param receiveBuffer bytes of kernel queue asked for; 0 = the system's default
 * @param sendBuffer bytes of kernel queue asked for; 0 = the system's default
 * @param ttl time to live or hop limit of unicast; 0 = the system's default
 * @param multicastTtl the same of multicast; 0 = the system's default, which is 1
 * @param multicastLoop whether multicast sent is seen by listeners on this machine
 * @param multicastNic the interface that multicast leaves by unless the send names one
 * @param tos the whole traffic class byte, DSCP in its upper six bits; 0 = default
 * @param freebind bind although no interface has the address yet
 * @param ipv6Only an IPv6 socket leaves IPv4 to others
 * @param receiveTtl note the TTL or hop limit of each datagram received (RFC 5082)
 */
public record UdpOptions(
    InetSocketAddress bind,
    boolean reusePort,
    boolean reuseAddress,
    Optional<String> device,
    boolean broadcast,
    int receiveBuffer,
    int sendBuffer,
    int ttl,
    int multicastTtl,
    boolean multicastLoop,
    Optional<Nic> multicastNic,
    int tos,
    boolean freebind,
    boolean ipv6Only,
    boolean receiveTtl) {

  public UdpOptions {
    if (bind.isUnresolved()) {
      throw new IllegalArgumentException("the bind address " + bind + " is a name, not an address");
    }
    within("receiveBuffer", receiveBuffer, Integer.MAX_VALUE);
    within("sendBuffer", sendBuffer, Integer.MAX_VALUE);
    within("ttl", ttl, 255);
    within("multicastTtl", multicastTtl, 255);
    within("tos", tos, 255);
  }

  private static void within(String name, int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(name + " " + value + " is not from 0 to " + max);
    }
  }

  /** A plain socket on an address. */
  public static UdpOptions on(InetSocketAddress bind) {
    return new UdpOptions(
        bind,
        false,
        false,
        Optional.empty(),
        false,
        0,
        0,
        0,
        0,
        true,
        Optional.empty(),
        0,
        false,
        false,
        false);
  }

  /** The same on another address. */
  public UdpOptions withBind(InetSocketAddress value) {
    return new UdpOptions(
        value,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  public UdpOptions withReusePort(boolean value) {
    return new UdpOptions(
        bind,
        value,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  public UdpOptions withReuseAddress(boolean value) {
    return new UdpOptions(
        bind,
        reusePort,
        value,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  /** Only this interface. */
  public UdpOptions withDevice(String value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        Optional.of(value),
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  public UdpOptions withBroadcast(boolean value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        value,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  /** Bytes. */
  public UdpOptions withReceiveBuffer(int value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        value,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  /** Bytes. */
  public UdpOptions withSendBuffer(int value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        value,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  /** Time to live or hop limit of unicast. */
  public UdpOptions withTtl(int value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        value,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  /** Time to live or hop limit of multicast. */
  public UdpOptions withMulticastTtl(int value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        value,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  public UdpOptions withMulticastLoop(boolean value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        value,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  public UdpOptions withMulticastNic(Nic value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        Optional.of(value),
        tos,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  /** The whole byte, DSCP in its upper six bits: EF is 0xB8, CS6 is 0xC0. */
  public UdpOptions withTos(int value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        value,
        freebind,
        ipv6Only,
        receiveTtl);
  }

  public UdpOptions withFreebind(boolean value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        value,
        ipv6Only,
        receiveTtl);
  }

  public UdpOptions withIpv6Only(boolean value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        value,
        receiveTtl);
  }

  public UdpOptions withReceiveTtl(boolean value) {
    return new UdpOptions(
        bind,
        reusePort,
        reuseAddress,
        device,
        broadcast,
        receiveBuffer,
        sendBuffer,
        ttl,
        multicastTtl,
        multicastLoop,
        multicastNic,
        tos,
        freebind,
        ipv6Only,
        value);
  }
}
