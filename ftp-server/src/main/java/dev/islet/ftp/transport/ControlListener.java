package dev.islet.ftp.transport;

import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.Peer;
import dev.islet.ftp.wire.Command;
import dev.islet.ftp.wire.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.impl.FtpIoSession;
import org.apache.ftpserver.impl.FtpServerContext;
import org.apache.ftpserver.ipfilter.SessionFilter;
import org.apache.ftpserver.listener.nio.AbstractListener;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.jspecify.annotations.Nullable;

/**
 * A listener of FtpServer with a chain of our own: {@code [tls] → control → handler}. The stock
 * listener cannot be given another codec, which is where its faults with AUTH and long lines lie.
 */
final class ControlListener extends AbstractListener {
  private final InetSocketAddress address;
  private final boolean implicit;
  private final Supplier<Control> control;
  private final Admission admission;
  private final AtomicLong numbers;
  private @Nullable NioSocketAcceptor acceptor;
  private boolean failed;

  ControlListener(
      InetSocketAddress address,
      boolean implicit,
      Supplier<Control> control,
      Admission admission,
      AtomicLong numbers) {
    super(
        address.getAddress().getHostAddress(),
        address.getPort(),
        implicit,
        null,
        new DataConnectionConfigurationFactory().createDataConnectionConfiguration(),
        300,
        (SessionFilter) null);
    this.address = address;
    this.implicit = implicit;
    this.control = control;
    this.admission = admission;
    this.numbers = numbers;
  }

  @Override
  public synchronized void start(FtpServerContext context) {
    var starting = new NioSocketAcceptor(1);
    acceptor = starting;
    starting.setReuseAddress(true);
    var sockets = starting.getSessionConfig();
    sockets.setTcpNoDelay(true);
    sockets.setKeepAlive(true);
    sockets.setReadBufferSize(2048);
    sockets.setMaxReadBufferSize(8192);
    if (implicit) {
      starting.getFilterChain().addLast("tls", new TlsFilter(control.get().tls(), new Object()));
    }
    starting.getFilterChain().addLast("control", new ControlFilter());
    starting.setHandler(new Handler());
    try {
      starting.bind(address);
    } catch (IOException e) {
      failed = true;
      stop();
      throw new UncheckedIOException(e);
    }
    setPort(starting.getLocalAddress().getPort());
  }

  /** Where it really listens. */
  synchronized InetSocketAddress bound() {
    return new InetSocketAddress(address.getAddress(), getPort());
  }

  /** Whether its address could not be bound. */
  synchronized boolean failed() {
    return failed;
  }

  synchronized List<ControlLink> links() {
    var links = new ArrayList<ControlLink>();
    if (acceptor != null) {
      for (var session : acceptor.getManagedSessions().values()) {
        ControlLink.of(session).ifPresent(links::add);
      }
    }
    return links;
  }

  @Override
  public synchronized void stop() {
    var stopping = acceptor;
    acceptor = null;
    if (stopping != null) {
      stopping.unbind();
      for (var session : stopping.getManagedSessions().values()) {
        session.closeNow();
      }
      stopping.dispose(true);
    }
  }

  @Override
  public synchronized boolean isStopped() {
    return acceptor == null;
  }

  @Override
  public synchronized void suspend() {
    if (acceptor != null) {
      acceptor.unbind();
    }
  }

  @Override
  public synchronized void resume() {
    if (acceptor != null) {
      try {
        acceptor.bind(bound());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public synchronized boolean isSuspended() {
    return acceptor != null && !acceptor.isActive();
  }

  @Override
  public Set<FtpIoSession> getActiveSessions() {
    return new HashSet<>();
  }

  /** Gives each connection its {@link ControlLink} and each line to its dialog. */
  private final class Handler extends IoHandlerAdapter {
    @Override
    public void sessionOpened(IoSession session) {
      var remote = (InetSocketAddress) session.getRemoteAddress();
      long number = numbers.incrementAndGet();
      var why = admission.enter(remote.getAddress());
      var now = control.get();
      if (why.isPresent()) {
        var local = (InetSocketAddress) session.getLocalAddress();
        var peer = new Peer(number, "", remote, local, implicit);
        now.policy().events().accept(new FtpEvent.ConnectionRefused(peer, why.get()));
        session.write(
            new FtpReplyOf(
                Reply.of(
                    421,
                    Character.toUpperCase(why.get().charAt(0))
                        + why.get().substring(1)
                        + "; come back later."),
                0));
        session.closeOnFlush();
      } else {
        ControlLink.open(session, now, number, implicit).dialog().greet();
      }
    }

    @Override
    public void sessionClosed(IoSession session) {
      ControlLink.of(session)
          .ifPresent(
              link -> {
                admission.leave(link.dialog().peer().remote().getAddress());
                link.closed();
              });
    }

    /** Broken TLS, a reset: nothing that needs more than an end. */
    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
      if (!(cause instanceof IOException)) {
        System.getLogger("islet.ftp")
            .log(
                System.Logger.Level.WARNING,
                "service=ftp session=" + session.getId() + " failed",
                cause);
      }
      session.closeNow();
    }

    /** A line, on the turn's virtual thread. */
    @Override
    public void messageReceived(IoSession session, Object message) throws InterruptedException {
      var link = ControlLink.of(session);
      if (link.isPresent()) {
        link.get().dialog().on(Command.of((String) message));
      }
    }
  }
}
