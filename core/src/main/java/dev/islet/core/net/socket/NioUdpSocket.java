package dev.islet.core.net.socket;

import dev.islet.core.net.Nic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

final class NioUdpSocket implements UdpSocket {
  static UdpSocket open(UdpOptions options) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public InetSocketAddress local() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int receive(DatagramBatch batch, Duration timeout) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public int send(DatagramBatch batch, int count) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void send(byte[] payload, InetSocketAddress to, @Nullable InetAddress from)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void send(byte[] payload, InetSocketAddress to, @Nullable InetAddress from, Nic nic)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void join(InetAddress group, Nic nic) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void leave(InetAddress group, Nic nic) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean keepsAskedAddress() {
    return true;
  }

  @Override
  public void close() {}
}
