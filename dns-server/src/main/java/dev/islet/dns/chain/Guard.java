package dev.islet.dns.chain;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.fast.Checkpoint;
import dev.islet.dns.fast.FastQuestion;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Request;
import dev.islet.dns.policy.Cookies;
import dev.islet.dns.policy.RateLimit;
import dev.islet.dns.wire.MessageView;
import java.net.InetAddress;
import java.util.Optional;
import org.xbill.DNS.Rcode;

/**
 * Keeps the server from being used against others by forged source addresses: cookies tell who is
 * real, and who is not known to be gets only so many replies.
 */
public final class Guard implements Checkpoint {
  private final Cookies cookies;
  private final RateLimit limit;
  private final TimeSource time;
  private final Tally tally;

  public Guard(Cookies cookies, RateLimit limit, TimeSource time, Tally tally) {
    this.cookies = cookies;
    this.limit = limit;
    this.time = time;
    this.tally = tally;
  }

  /** The cookie that the reply to a question gets, if the question has one (RFC 7873). */
  Optional<Request.Cookie> cookie(MessageView view, InetAddress client) {
    if (!view.hasCookie()) {
      return Optional.empty();
    }
    long now = time.seconds();
    var address = client.getAddress();
    long part = view.clientCookie();
    if (view.serverCookieSize() == 16) {
      long head = view.serverCookie(0);
      long hash = view.serverCookie(1);
      if (cookies.proven(part, head, hash, address, address.length, now)) {
        return Optional.of(
            Cookies.fresh(head, now)
                ? new Request.Cookie(part, head, hash, true)
                : made(part, address, now, true));
      }
    }
    return Optional.of(made(part, address, now, false));
  }

  private Request.Cookie made(long part, byte[] address, long now, boolean proven) {
    long head = Cookies.head(now);
    return new Request.Cookie(
        part, head, cookies.hash(part, head, address, address.length, now), proven);
  }

  /** Whether a reply over UDP to an asker who is not known to be real may leave. */
  RateLimit.Verdict weigh(InetAddress client, RateLimit.Kind kind) {
    var address = client.getAddress();
    return limit.weigh(address, address.length, kind, time.now());
  }

  /** Makes the cookie that the reply to a question gets, as {@link #cookie} does. */
  @Override
  public boolean asks(FastQuestion question) {
    if (!question.hasCookie()) {
      return true;
    }
    long now = time.seconds();
    var address = question.address();
    int length = question.addressLength();
    long part = question.clientCookie();
    long head = question.serverCookie(0);
    long hash = question.serverCookie(1);
    boolean proven =
        question.serverCookieSize() == 16 && cookies.proven(part, head, hash, address, length, now);
    if (!proven || !Cookies.fresh(head, now)) {
      head = Cookies.head(now);
      hash = cookies.hash(part, head, address, length, now);
    }
    question.cookie(head, hash, proven);
    return true;
  }

  @Override
  public Pass answers(FastQuestion question, Kind kind) {
    var address = question.address();
    int length = question.addressLength();
    if (question.isProven() || limit.spares(address, length)) {
      return Pass.SEND;
    }
    var of =
        switch (kind) {
          case ANSWER -> RateLimit.Kind.ANSWER;
          case NO_DATA -> RateLimit.Kind.NO_DATA;
          case NO_NAME -> RateLimit.Kind.NO_NAME;
          case REFERRAL -> RateLimit.Kind.REFERRAL;
        };
    return switch (limit.weigh(address, length, of, time.now())) {
      case SEND -> Pass.SEND;
      case SLIP -> {
        tally.rejected("rate-slip");
        yield Pass.CUT;
      }
      case DROP -> {
        tally.rejected("rate-drop");
        yield Pass.DROP;
      }
    };
  }

  static RateLimit.Kind kind(Answer answer) {
    return switch (answer.rcode()) {
      case Rcode.NXDOMAIN -> RateLimit.Kind.NO_NAME;
      case Rcode.NOERROR ->
          !answer.answer().isEmpty()
              ? RateLimit.Kind.ANSWER
              : answer.glue() ? RateLimit.Kind.REFERRAL : RateLimit.Kind.NO_DATA;
      default -> RateLimit.Kind.ERROR;
    };
  }
}
