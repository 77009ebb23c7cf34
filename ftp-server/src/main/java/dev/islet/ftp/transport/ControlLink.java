package dev.islet.ftp.transport;

import dev.islet.ftp.dialog.Dialog;
import dev.islet.ftp.dialog.Hands;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.wire.Command;
import dev.islet.ftp.wire.LineDecoder;
import dev.islet.ftp.wire.LineDecoder.Cut;
import dev.islet.ftp.wire.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.apache.mina.core.filterchain.IoFilter.NextFilter;
import org.apache.mina.core.future.WriteFuture;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.FilterEvent;
import org.apache.mina.filter.ssl.SslEvent;
import org.apache.mina.filter.ssl.SslFilter;
import org.jspecify.annotations.Nullable;

/**
 * One control connection: bytes in, one command at a time on a virtual thread, replies out.
 *
 * <p><b>AUTH.</b> The stock server goes on cutting lines while the TLS filter is being put in, and
 * keeps what it has cut: a command sent in the clear behind AUTH is then run inside TLS (the class
 * of CVE-2011-0411). Here the first line with AUTH stops everything in the thread that reads: the
 * rest of those bytes is held, and the socket is not read any more. If AUTH is granted and bytes
 * were held, the connection ends; without any, TLS is put in and reading goes on, so that whatever
 * is in the socket by then has to be TLS. If AUTH is refused, the held bytes are cut as usual.
 *
 * <p><b>Bounds.</b> Reading stops while {@link #MOST_WAITING} commands wait; a command is not begun
 * while the client leaves {@link #MOST_UNSENT} bytes of replies unread.
 */
final class ControlLink implements Hands {
  private static final String KEY = ControlLink.class.getName();
  private static final int MOST_WAITING = 32;
  private static final int MOST_UNSENT = 64 << 10;
  private static final int LINGER_MILLIS = 250;
  private static final int FEWER_SECONDS_BEFORE_LOGIN = 60;

  private final IoSession session;
  private final Control control;
  private final LineDecoder decoder;
  private final DataSockets data;
  private final Dialog dialog;
  private final ArrayDeque<Cut> waiting = new ArrayDeque<>();
  private final InetSocketAddress remote;
  private boolean turning;
  private Cut.@Nullable Line holder;
  private boolean deaf;
  private boolean suspended;
  private byte[] heldBytes = {};
  private @Nullable NextFilter next;
  private volatile boolean tls;
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile String protocol = "";
  private volatile @Nullable WriteFuture lastWrite;
  private long idleBytes = -1;

  private ControlLink(IoSession session, Control control, long number, boolean implicit) {
    this.session = session;
    this.control = control;
    this.tls = implicit;
    this.remote = (InetSocketAddress) session.getRemoteAddress();
    var local = (InetSocketAddress) session.getLocalAddress();
    this.decoder = new LineDecoder(control.limits().line());
    this.data =
        new DataSockets(
            remote.getAddress(),
            local.getAddress(),
            control.ports(),
            control.tls(),
            (int) control.limits().connect().toMillis(),
            (int) control.limits().idle().toMillis(),
            this::stranger);
    this.dialog = new Dialog(control.policy(), this, number, remote, local);
  }

  static ControlLink open(IoSession session, Control control, long number, boolean implicit) {
    var link = new ControlLink(session, control, number, implicit);
    session.setAttribute(KEY, link);
    link.idleTime();
    return link;
  }

  static Optional<ControlLink> of(IoSession session) {
    return Optional.ofNullable((ControlLink) session.getAttribute(KEY));
  }

  Dialog dialog() {
    return dialog;
  }

  /** TLS version of the control connection; empty without TLS. */
  String protocol() {
    return protocol;
  }

  private void stranger(InetSocketAddress address, String why) {
    control
        .policy()
        .events()
        .accept(
            new FtpEvent.DataRefused(
                dialog.peer(),
                address.getAddress().getHostAddress() + ":" + address.getPort(),
                why));
  }

  // The reading side, on MINA's threads.

  void received(NextFilter chain, ByteBuffer bytes) {
    int injected;
    synchronized (this) {
      // With TLS put in, bytes get here only by way of it, which means after the handshake. This
      // cannot be otherwise; should it ever be, it is an attack.
      injected = tls && !session.containsAttribute(SslFilter.SSL_SECURED) ? bytes.remaining() : 0;
      if (injected == 0) {
        next = chain;
        cut(bytes);
      } else {
        deaf = true;
        waiting.clear();
      }
    }
    if (injected > 0) {
      injected(injected);
    }
  }

  private void injected(int bytes) {
    control.policy().events().accept(new FtpEvent.InjectionStopped(dialog.peer(), bytes));
    session.closeNow();
  }

  private void cut(ByteBuffer bytes) {
    while (bytes.hasRemaining() && !deaf) {
      if (holder != null) {
        hold(bytes);
        return;
      }
      var cut = decoder.next(bytes);
      switch (cut) {
        case null -> {
          return;
        }
        case Cut.Line(var text) -> line(new Cut.Line(text), Command.of(text));
        case Cut.Bad bad -> {
          deaf = bad.tooLong();
          enqueue(bad);
        }
      }
    }
  }

  private void hold(ByteBuffer bytes) {
    var longer = java.util.Arrays.copyOf(heldBytes, heldBytes.length + bytes.remaining());
    bytes.get(longer, heldBytes.length, bytes.remaining());
    heldBytes = longer;
  }

  /** The very object, since the same text may come again. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isHolder(Cut.Line line) {
    return holder == line;
  }

  private void line(Cut.Line line, Command command) {
    if (command.verb().equals("AUTH") && !tls) {
      holder = line;
      session.suspendRead();
    }
    boolean transferring = turning && dialog.transfer().isPresent();
    if (turning && command.verb().equals("ABOR")) {
      dialog.abort();
    } else if (transferring && command.equals(new Command("STAT", ""))) {
      dialog.progress();
      return;
    }
    enqueue(line);
  }

  private void enqueue(Cut cut) {
    waiting.add(cut);
    if (waiting.size() >= MOST_WAITING && !suspended) {
      suspended = true;
      session.suspendRead();
    }
    if (!turning) {
      turning = true;
      Thread.ofVirtual().name("ftp-session-" + session.getId()).start(this::turns);
    }
  }

  // The answering side, one virtual thread at a time.

  private void turns() {
    while (true) {
      Cut cut;
      NextFilter chain;
      synchronized (this) {
        cut = waiting.poll();
        chain = next;
        if (cut == null || chain == null || !session.isConnected()) {
          turning = false;
          waiting.clear();
          if (gone()) {
            session.closeOnFlush();
          }
          return;
        }
        if (suspended && waiting.isEmpty()) {
          suspended = false;
          session.write(new ControlFilter.Mark.Resume());
        }
      }
      if (!room()) {
        session.closeNow();
      }
      switch (cut) {
        case Cut.Line line -> {
          chain.messageReceived(session, line.text());
          idleTime();
          release(line);
        }
        case Cut.Bad(var tooLong, var offset, var why) -> dialog.malformed(offset, why, tooLong);
      }
    }
  }

  /** Waits until the client has read enough of its replies. */
  private boolean room() {
    var last = lastWrite;
    return session.getScheduledWriteBytes() < MOST_UNSENT
        || last == null
        || last.awaitUninterruptibly(control.limits().idle().toMillis());
  }

  private int idleSeconds() {
    long seconds = Math.max(1, control.limits().idle().toSeconds());
    return (int)
        (dialog.peer().user().isEmpty() ? Math.min(FEWER_SECONDS_BEFORE_LOGIN, seconds) : seconds);
  }

  private void idleTime() {
    session.getConfig().setIdleTime(IdleStatus.BOTH_IDLE, idleSeconds());
  }

  /**
   * AUTH was refused: what came behind it are commands like others. Only the line that stopped the
   * reading may let it go on; one that was answered while AUTH came in must not.
   */
  private synchronized void release(Cut.Line answered) {
    if (!isHolder(answered)) {
      return;
    }
    holder = null;
    var bytes = ByteBuffer.wrap(heldBytes);
    heldBytes = new byte[0];
    cut(bytes);
    session.write(new ControlFilter.Mark.Resume());
  }

  /** On MINA's thread. */
  synchronized void readOn() {
    if (holder == null && !suspended) {
      session.resumeRead();
    }
  }

  void event(FilterEvent event) {
    if (event == SslEvent.SECURED
        && session.getAttribute(SslFilter.SSL_SECURED) instanceof SSLSession secured) {
      protocol = secured.getProtocol();
      control
          .policy()
          .events()
          .accept(
              new FtpEvent.TlsStarted(
                  dialog.peer(), secured.getProtocol(), secured.getCipherSuite()));
    }
  }

  /** The client will send nothing more; what it has sent before is still answered. */
  void inputClosed() {
    gone.countDown();
    dialog.abort();
    synchronized (this) {
      if (!turning) {
        session.closeOnFlush();
      }
    }
  }

  /** Silent for too long, unless a transfer goes on meanwhile. */
  void idle() {
    var transfer = dialog.transfer();
    if (transfer.isPresent()) {
      long bytes = transfer.get().bytes();
      if (bytes == idleBytes) {
        dialog.abort();
      }
      idleBytes = bytes;
    } else if (turningNow()) {
      idleBytes = -1; // waiting for a data connection or for a password check
    } else {
      reply(Reply.of(421, "You were silent for too long."));
      end();
    }
  }

  /** Says goodbye and ends it, transfer and all. */
  void sendAway(String why) {
    dialog.abort();
    reply(Reply.of(421, why));
    end();
  }

  private synchronized boolean turningNow() {
    return turning;
  }

  void closed() {
    gone.countDown();
    dialog.close();
  }

  // Hands

  @Override
  public void reply(Reply reply) {
    lastWrite = session.write(new FtpReplyOf(reply, control.policy().time().wall().toEpochMilli()));
  }

  /**
   * If the client is in the middle of a line too long, what it still sends is read and thrown away
   * for a moment: closing with unread bytes resets the connection and may take the last reply with
   * it.
   */
  @Override
  public void end() {
    boolean more;
    synchronized (this) {
      more = deaf;
      deaf = true;
      waiting.clear();
    }
    if (!more) {
      session.closeOnFlush();
      return;
    }
    var last = lastWrite;
    Thread.ofVirtual()
        .name("ftp-end-" + session.getId())
        .start(
            () -> {
              if (last != null) {
                last.awaitUninterruptibly(5, TimeUnit.SECONDS);
              }
              session.getCloseFuture().awaitUninterruptibly(LINGER_MILLIS);
              session.closeOnFlush();
            });
  }

  @Override
  public boolean protect(Reply reply) {
    int injected;
    synchronized (this) {
      injected = heldBytes.length;
      if (injected == 0 && waiting.isEmpty()) {
        var message = new FtpReplyOf(reply, control.policy().time().wall().toEpochMilli());
        session.getFilterChain().addFirst("tls", new TlsFilter(control.tls(), message));
        tls = true;
        holder = null;
        lastWrite = session.write(message);
        session.write(new ControlFilter.Mark.Resume());
        return true;
      }
      deaf = true;
    }
    injected(injected);
    return false;
  }

  @Override
  public boolean secure() {
    return tls;
  }

  @Override
  public boolean present(Duration patience) {
    if (!gone()) {
      session.write(new ControlFilter.Mark.Ping()).awaitUninterruptibly(2_000);
    }
    try {
      return !gone.await(patience.toNanos(), TimeUnit.NANOSECONDS) && session.isConnected();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean gone() {
    return gone.getCount() == 0;
  }

  @Override
  public InetSocketAddress listen() throws DataFailure {
    return data.listen();
  }

  @Override
  public InetAddress advertised(InetAddress bound) {
    return control.advertised().orElse(bound);
  }

  @Override
  public void dial(InetSocketAddress client) {
    data.dial(client);
  }

  @Override
  public boolean prepared() {
    return data.prepared();
  }

  @Override
  public DataLink connect() throws DataFailure {
    return data.connect();
  }

  @Override
  public void drop() {
    data.drop();
  }
}
