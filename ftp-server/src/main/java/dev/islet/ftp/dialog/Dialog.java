package dev.islet.ftp.dialog;

import dev.islet.ftp.account.Account;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.Peer;
import dev.islet.ftp.model.TlsMode;
import dev.islet.ftp.view.FileRefused;
import dev.islet.ftp.view.FileView;
import dev.islet.ftp.view.VirtualPath;
import dev.islet.ftp.wire.Command;
import dev.islet.ftp.wire.Listing.Fact;
import dev.islet.ftp.wire.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The conversation on one control connection: takes one command after the other and answers each.
 *
 * <p>{@link #on} is called for one command at a time. What concerns a transfer under way, {@link
 * #abort} and {@link #transfer}, may be called meanwhile from another thread.
 */
public final class Dialog {
  /** How data is sent: RFC 959 section 3.1.1. */
  enum Type {
    ASCII,
    IMAGE
  }

  /** A transfer under way. */
  public static final class Running {
    final String what;
    final AtomicLong bytes = new AtomicLong();
    final Hands.DataLink link;
    volatile boolean aborted;

    Running(String what, Hands.DataLink link) {
      this.what = what;
      this.link = link;
    }

    /** Verb and path. */
    public String what() {
      return what;
    }

    /** Bytes so far. */
    public long bytes() {
      return bytes.get();
    }

    void abort() {
      aborted = true;
      link.close();
    }
  }

  final Policy policy;
  final Hands hands;
  private final long number;
  private final InetSocketAddress remote;
  private final InetSocketAddress local;

  String name = "";
  boolean named;
  int failures;
  private @Nullable Account account;
  private volatile @Nullable FileView view;
  VirtualPath folder = VirtualPath.ROOT;
  Type type = Type.ASCII;
  Set<Fact> facts = EnumSet.allOf(Fact.class);
  long restart;
  boolean extendedOnly;
  boolean bufferAgreed;
  boolean protectData;
  Optional<VirtualPath> renaming = Optional.empty();
  private volatile @Nullable Running running;

  /** A data connection that was prepared was given up by an ABOR that is still to be answered. */
  volatile boolean unprepared;

  private volatile String last = "";
  private volatile String user = "";
  private @Nullable Command current;

  public Dialog(
      Policy policy, Hands hands, long number, InetSocketAddress remote, InetSocketAddress local) {
    this.policy = policy;
    // With implicit TLS, data is protected without being asked for.
    this.bufferAgreed = hands.secure();
    this.protectData = hands.secure();
    this.hands = hands;
    this.number = number;
    this.remote = remote;
    this.local = local;
  }

  /** Says hello. */
  public void greet() {
    tell(new FtpEvent.Connected(peer()));
    reply(220, policy.greeting());
  }

  /** Answers a command. */
  public void on(Command command) throws InterruptedException {
    current = command;
    last = command.shown();
    var verb = Verbs.ALL.get(command.verb());
    try {
      if (verb == null) {
        reply(command.verb().isEmpty() ? 500 : 502, "Command not understood.");
      } else if (account == null && !verb.beforeLogin()) {
        reply(530, "Log in with USER and PASS first.");
      } else {
        if (!command.verb().equals("RNTO") && renaming.isPresent()) {
          renaming = Optional.empty();
        }
        verb.action().run(this, command.argument());
      }
    } catch (FileRefused e) {
      reply(code(e.reason()), sentence(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      reply(451, "The disk failed; see the server's log.");
      System.getLogger("islet.ftp")
          .log(System.Logger.Level.WARNING, "service=ftp verb=" + command.verb() + " failed", e);
    } finally {
      current = null;
    }
  }

  /** Answers a line that is no command (RFC 959 section 4.2.1). */
  public void malformed(int offset, String why, boolean end) {
    tell(new FtpEvent.Malformed(peer(), offset, why));
    reply(end ? 500 : 501, sentence(why));
    if (end) {
      hands.end();
    }
  }

  static int code(FileRefused.Reason reason) {
    return switch (reason) {
      case MISSING, DENIED, EXISTS, KIND, NOT_EMPTY -> 550;
      case BUSY -> 450;
      case FULL -> 452;
      case NAME -> 553;
      case OFFSET -> 554;
      case BROKEN -> 451;
    };
  }

  static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  void reply(int code, String text) {
    reply(Reply.of(code, text));
  }

  void reply(Reply reply) {
    seen(reply);
    hands.reply(reply);
  }

  /** Tells the command with its first reply, then every reply. */
  void seen(Reply reply) {
    var command = current;
    current = null;
    if (command != null) {
      tell(
          new FtpEvent.CommandSeen(
              peer(), command.shown(), reply.code(), reply.lines().getFirst()));
    }
    tell(new FtpEvent.Replied(peer(), reply.code(), reply.text()));
  }

  void tell(FtpEvent event) {
    policy.events().accept(event);
  }

  /** Whose dialog this is, as of now. */
  public Peer peer() {
    return new Peer(number, user, remote, local, hands.secure());
  }

  /** The last command, with passwords masked. */
  public String lastCommand() {
    return last;
  }

  InetAddress client() {
    return remote.getAddress();
  }

  Account account() {
    if (account == null) {
      throw new IllegalStateException("nobody is logged in");
    }
    return account;
  }

  FileView view() {
    var home = view;
    if (home == null) {
      throw new IllegalStateException("nobody is logged in");
    }
    return home;
  }

  boolean loggedIn() {
    return account != null;
  }

  void login(Account who, FileView home) {
    account = who;
    view = home;
    user = who.name();
    folder = VirtualPath.ROOT;
    failures = 0;
  }

  /** Back to where a dialog begins (RFC 959 section 4.1.1, REIN), except for TLS. */
  void logout() {
    closeView();
    account = null;
    user = "";
    name = "";
    named = false;
    folder = VirtualPath.ROOT;
    type = Type.ASCII;
    facts = EnumSet.allOf(Fact.class);
    restart = 0;
    extendedOnly = false;
    renaming = Optional.empty();
    hands.drop();
  }

  private void closeView() {
    var home = view;
    view = null;
    if (home != null) {
      home.close();
    }
  }

  boolean tlsRequired() {
    return policy.tls() == TlsMode.REQUIRED;
  }

  /** What a client means by a path, from the folder it is in. */
  VirtualPath path(String argument) throws FileRefused {
    if (argument.isEmpty()) {
      throw new FileRefused(FileRefused.Reason.NAME, "a path is needed");
    }
    return folder.resolve(argument);
  }

  /** The restart point, used up by this. */
  long takeRestart() {
    long from = restart;
    restart = 0;
    return from;
  }

  Running begin(String what, Hands.DataLink link) {
    var transfer = new Running(what, link);
    running = transfer;
    return transfer;
  }

  void finished() {
    running = null;
  }

  /** The transfer under way. */
  public Optional<Running> transfer() {
    return Optional.ofNullable(running);
  }

  /** Breaks off the transfer under way, if there is one; it will reply 426. */
  public void abort() {
    var transfer = running;
    if (transfer != null) {
      transfer.abort();
    } else if (hands.prepared()) {
      unprepared = true;
      hands.drop(); // perhaps one is waiting for its data connection
    }
  }

  /** The control connection has gone. */
  public void close() {
    abort();
    tell(new FtpEvent.Disconnected(peer()));
    hands.drop();
  }

  /** Lines for STAT without an argument. */
  List<String> status() {
    var now = transfer();
    return List.of(
        "Status:",
        loggedIn() ? "Logged in as " + user : "Not logged in",
        "TYPE " + (type == Type.ASCII ? "A" : "I") + "; STRU F; MODE S",
        hands.secure() ? "Control connection protected by TLS" : "Control connection in the clear",
        now.map(t -> t.what() + ": " + t.bytes() + " bytes so far").orElse("No transfer under way"),
        "End.");
  }

  /** Answers STAT while a transfer is under way (RFC 959 section 4.1.3). */
  public void progress() {
    var reply = new Reply(211, status());
    tell(new FtpEvent.Replied(peer(), 211, reply.text()));
    hands.reply(reply);
  }
}
