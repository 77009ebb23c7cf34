package dev.islet.voip.registrar;

import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipUri;
import dev.islet.voip.registrar.Digest.Algorithm;
import dev.islet.voip.wire.Grammar;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Checks who sends a request: digest authentication on the server's side (RFC 3261 §22, RFC 7616,
 * RFC 8760).
 *
 * <p>An unknown user costs the same work and gets the same answers as a wrong password. Wrong
 * credentials only count against an address when they hold a nonce that was given to this very
 * address, so that nobody can lock others out by borrowing their address.
 */
public final class Authority {
  /**
   * What the operator chose.
   *
   * @param realm the protection space, shown to people by their phones
   * @param algorithms offered, best first
   * @param nonceLife nanoseconds
   * @param failures how many wrong credentials an address may present at once
   * @param refill nanoseconds until one more is allowed
   * @param md5Only parts of User-Agent, in lower case, of phones that are offered MD5 alone
   */
  public record Rules(
      String realm,
      List<Algorithm> algorithms,
      long nonceLife,
      int failures,
      long refill,
      List<String> md5Only) {
    public Rules {
      algorithms = List.copyOf(algorithms);
      md5Only = List.copyOf(md5Only);
    }
  }

  private final Rules rules;
  private final Nonces nonces;
  private final RecentNonces recent = new RecentNonces();
  private final Attempts attempts;
  private final Legacy legacy;
  private final Account nobody;
  private Map<String, Account> accounts;

  /**
   * @param key secret that nonces are signed with; at least 16 bytes
   * @param begun now, when the server starts: nonces from before are asked for anew
   */
  public Authority(
      Rules rules, Map<String, Account> accounts, byte[] key, RandomGenerator random, long begun) {
    this.rules = rules;
    this.accounts = Map.copyOf(accounts);
    this.nonces = new Nonces(key, random, rules.nonceLife(), begun);
    this.attempts = new Attempts(rules.failures(), rules.refill());
    this.legacy = new Legacy(rules.md5Only());
    var never = new java.util.EnumMap<Algorithm, String>(Algorithm.class);
    for (var algorithm : Algorithm.values()) {
      var bytes = new byte[algorithm.hexDigits() / 2];
      random.nextBytes(bytes);
      never.put(algorithm, HexFormat.of().formatHex(bytes));
    }
    this.nobody = new Account("", "", never);
  }

  /** The extension of that number. */
  public Optional<Account> account(String number) {
    return Optional.ofNullable(accounts.get(number));
  }

  /** How many extensions there are. */
  public int size() {
    return accounts.size();
  }

  /** Takes other extensions from here on. */
  public void accounts(Map<String, Account> others) {
    accounts = Map.copyOf(others);
  }

  /** How many addresses have presented wrong credentials lately. */
  public int watched() {
    return attempts.watched();
  }

  /**
   * Challenges for a 401 ({@code WWW-Authenticate}) or 407 ({@code Proxy-Authenticate}), best
   * algorithm first, one header each (RFC 8760 §2.4). Phones that do not know what to do with two
   * get the one for MD5.
   */
  public List<SipHeader> challenges(
      long now, String header, SipRequest request, InetSocketAddress forWhom, boolean stale) {
    var nonce = recent.nonce(now, request, forWhom, () -> nonces.make(now, forWhom.getAddress()));
    var all = new ArrayList<SipHeader>(2);
    boolean choice = rules.algorithms().size() > 1;
    boolean md5Only = choice && !presents(request) && legacy.needsMd5(request, forWhom);
    for (var algorithm : rules.algorithms()) {
      if (md5Only && algorithm != Algorithm.MD5) {
        continue;
      }
      all.add(
          new SipHeader(
              header,
              "Digest realm=\""
                  + rules.realm()
                  + "\", nonce=\""
                  + nonce
                  + "\", algorithm="
                  + algorithm.token()
                  + ", qop=\"auth\""
                  + (stale ? ", stale=true" : "")));
    }
    return all;
  }

  private static boolean presents(SipRequest request) {
    return request.headers().has("Authorization") || request.headers().has("Proxy-Authorization");
  }

  /**
   * Looks at the credentials in a request.
   *
   * @param ours whether a URI is of this server
   */
  public Verdict check(
      long now, SipRequest request, InetSocketAddress from, Predicate<SipUri> ours) {
    var source = from.getAddress();
    if (attempts.exhausted(now, source)) {
      return new Verdict.Silence();
    }
    var values = new ArrayList<>(request.headers().values("Authorization"));
    values.addAll(request.headers().values("Proxy-Authorization"));
    for (var value : values) {
      var credentials = Grammar.digest(value);
      if (credentials.isPresent() && rules.realm().equals(credentials.get().get("realm"))) {
        return check(now, request, from, credentials.get(), ours);
      }
    }
    return new Verdict.Ask(false);
  }

  private Verdict check(
      long now,
      SipRequest request,
      InetSocketAddress from,
      Map<String, String> given,
      Predicate<SipUri> ours) {
    var source = from.getAddress();
    var nonce = given.getOrDefault("nonce", "");
    var standing = nonces.standing(now, nonce, source);
    if (standing == Nonces.Standing.FOREIGN) {
      // Its digest is not even looked at, or it would tell for free whether a password is right.
      return new Verdict.Ask(false);
    }
    var user = given.getOrDefault("username", "");
    var algorithm = algorithm(given.getOrDefault("algorithm", "MD5"));
    if (algorithm.isPresent() && algorithm.get() != Algorithm.MD5) {
      legacy.understood(from);
    }
    var count = given.getOrDefault("nc", "");
    if (algorithm.isEmpty()
        || !"auth".equalsIgnoreCase(given.getOrDefault("qop", ""))
        || count.length() != 8
        || !HexFormat.isHexDigit(count.charAt(0))) {
      return wrong(now, source, user, "no digest with qop=auth and an algorithm offered");
    }
    var uri = given.getOrDefault("uri", "");
    var account = accounts.get(user);
    var ha1 = (account == null ? nobody : account).ha1().get(algorithm.get());
    var expected =
        Digest.response(
            algorithm.get(),
            ha1 == null ? "" : ha1,
            nonce,
            count,
            given.getOrDefault("cnonce", ""),
            request.method(),
            uri);
    boolean right =
        MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.ISO_8859_1),
            given
                .getOrDefault("response", "")
                .toLowerCase(Locale.ROOT)
                .getBytes(StandardCharsets.ISO_8859_1));
    if (!right || account == null || ha1 == null) {
      return wrong(now, source, user, "wrong user or password");
    }
    if (!sameTarget(uri, request.uri(), ours)) {
      return wrong(now, source, user, "the digest is for another URI (RFC 7616 §3.4.6)");
    }
    if (standing == Nonces.Standing.STALE || !nonces.count(nonce, hex(count))) {
      return new Verdict.Ask(true);
    }
    return new Verdict.Granted(account);
  }

  private Verdict wrong(long now, InetAddress source, String user, String why) {
    attempts.failed(now, source);
    return new Verdict.Wrong(user, why);
  }

  private Optional<Algorithm> algorithm(String token) {
    for (var algorithm : rules.algorithms()) {
      if (algorithm.token().equalsIgnoreCase(token)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /**
   * Phones differ in how they write ports and parameters; user and host must be the same. Some name
   * only the server: with a count that is never taken twice, that opens no way to repeat a digest.
   */
  private static boolean sameTarget(String one, String other, Predicate<SipUri> ours) {
    if (one.equals(other)) {
      return true;
    }
    var a = Grammar.uri(one);
    var b = Grammar.uri(other);
    if (a.isEmpty() || b.isEmpty()) {
      return false;
    }
    return a.get().user().equals(b.get().user()) && a.get().host().equals(b.get().host())
        || a.get().user().isEmpty() && ours.test(a.get()) && ours.test(b.get());
  }

  private static long hex(String digits) {
    long n = 0;
    for (int i = 0; i < digits.length(); i++) {
      int d = Character.digit(digits.charAt(i), 16);
      if (d < 0) {
        return 0; // never above the last count
      }
      n = n << 4 | d;
    }
    return n;
  }
}
