package dev.islet.core.tls;

import dev.islet.core.time.TimeSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A server's key and certificate, and the TLS context that presents them. {@link #reload()} brings
 * new ones into force for handshakes that begin after it; connections that stand are not touched.
 *
 * <p>Either made at first start and kept in a folder ({@code key.pem}, readable by its owner only,
 * and {@code cert.pem}), or given as PEM files. Services that name the same folder share one
 * identity, whichever comes first.
 */
public final class TlsIdentity {
  /** The protocol versions servers speak, best first (RFC 8446, RFC 5246). */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** A self-signed certificate is made anew when less than this is left of it. */
  static final Duration RENEW_BEFORE = Duration.ofDays(30);

  /** A board without a battery-backed clock may wake up in 1970; no certificate begins then. */
  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

  /** File locks are held by the whole process; this one keeps its own threads apart. */
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  /** A key with its certificates. */
  record Material(long generation, PrivateKey key, List<X509Certificate> chain) {}

  /** Where material comes from when it is asked for. */
  @FunctionalInterface
  private interface Source {
    Material load(long generation) throws IOException;
  }

  private final Source source;
  private final AtomicLong generations = new AtomicLong();
  private final SSLContext context;
  private volatile Material current;
  private volatile Material previous;

  private TlsIdentity(Source source) throws IOException {
    this.source = source;
    this.current = source.load(generations.incrementAndGet());
    this.previous = current;
    this.context = newContext(keyManager());
  }

  /**
   * The self-signed identity kept in a folder; made when there is none, and made anew with the same
   * key when it names others than these or has less than 30 days to live.
   *
   * @param names DNS names, also with a leading {@code *.}, and IP addresses
   * @throws IOException if the folder cannot be written or what lies there cannot be read
   * @throws IllegalArgumentException if a name is neither a DNS name nor an IP address
   */
  public static TlsIdentity selfSigned(Path folder, List<String> names) throws IOException {
    return selfSigned(folder, names, TimeSource.system(), new SecureRandom());
  }

  /** As {@link #selfSigned(Path, List)}, with the clock and the randomness of the caller. */
  public static TlsIdentity selfSigned(
      Path folder, List<String> names, TimeSource time, SecureRandom random) throws IOException {
    var normal = SelfSigned.normal(names);
    return new TlsIdentity(generation -> keep(generation, folder, normal, time, random));
  }

  /**
   * The identity in PEM files.
   *
   * @param certificateChain the server's certificate first, then those that vouch for it
   * @param key in PKCS #8, not encrypted: EC, RSA or Ed25519
   * @throws IOException naming the file and what is wrong with it
   */
  public static TlsIdentity pem(Path certificateChain, Path key) throws IOException {
    return new TlsIdentity(
        generation -> {
          var chain = Pem.certificates(certificateChain);
          var secret = Pem.privateKey(key);
          if (!Pem.match(secret, chain.getFirst())) {
            throw new IOException(
                key + ": the key does not belong to the first certificate of " + certificateChain);
          }
          return new Material(generation, secret, chain);
        });
  }

  /**
   * Loads again: PEM files that were replaced, or a self-signed certificate that is due.
   *
   * @return whether the certificate is another one now
   * @throws IOException as at the first loading; the old identity stays in force
   */
  public synchronized boolean reload() throws IOException {
    var fresh = source.load(generations.incrementAndGet());
    if (fresh.chain().equals(current.chain()) && fresh.key().equals(current.key())) {
      return false;
    }
    previous = current;
    current = fresh;
    return true;
  }

  /** A server context of TLS; the same object for the whole life of this identity. */
  public SSLContext context() {
    return context;
  }

  /**
   * A server context that presents the identity its function names for the name a client asked for
   * (server name indication, RFC 6066 section 3): lower case, or empty when it asked for none.
   */
  public static SSLContext contextByName(Function<String, TlsIdentity> byName) {
    return newContext(new TlsKeys(byName));
  }

  /** The key manager behind {@link #context()}, for stacks that build a context of their own. */
  public X509ExtendedKeyManager keyManager() {
    return new TlsKeys(name -> this);
  }

  /**
   * What a connection may negotiate: TLS 1.3 and 1.2, forward secret suites with authenticated
   * encryption only, in the server's order. A new object at each call.
   */
  public static SSLParameters parameters() {
    var parameters = new SSLParameters();
    parameters.setProtocols(PROTOCOLS.toArray(String[]::new));
    parameters.setCipherSuites(Suites.NAMES.clone());
    parameters.setUseCipherSuitesOrder(true);
    return parameters;
  }

  /** The server's own certificate. */
  public X509Certificate certificate() {
    return current.chain().getFirst();
  }

  /** The SHA-256 of the certificate: 64 lower-case hexadecimal digits. */
  public String fingerprint() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }

  Material current() {
    return current;
  }

  @Nullable Material generation(long generation) {
    var now = current;
    if (now.generation() == generation) {
      return now;
    }
    var before = previous;
    return before.generation() == generation ? before : null;
  }

  private static SSLContext newContext(X509ExtendedKeyManager keys) {
    try {
      var context = SSLContext.getInstance("TLS");
      // No trust managers: these are servers, and the system's list of authorities costs memory.
      context.init(new KeyManager[] {keys}, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks TLS", e);
    }
  }

  /** Loads what the folder holds, making what is missing or due, alone among all processes. */
  private static Material keep(
      long generation, Path folder, List<String> names, TimeSource time, SecureRandom random)
      throws IOException {
    Files.createDirectories(folder);
    ONE_AT_A_TIME.lock();
    try (var channel =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assert lock.isValid();
      var keyFile = folder.resolve("key.pem");
      var certificateFile = folder.resolve("cert.pem");
      var now = time.wall().isBefore(EARLIEST) ? EARLIEST : time.wall();
      if (!Files.exists(keyFile)) {
        var pair = SelfSigned.newKey(random);
        Pem.write(keyFile, "PRIVATE KEY", pair.getPrivate().getEncoded(), true);
        return renew(generation, certificateFile, pair, names, now, random);
      }
      var key = Pem.privateKey(keyFile);
      if (Files.exists(certificateFile)) {
        var kept = Pem.certificates(certificateFile);
        var first = kept.getFirst();
        if (Pem.match(key, first)
            && SelfSigned.names(first, names)
            && now.isBefore(first.getNotAfter().toInstant().minus(RENEW_BEFORE))) {
          return new Material(generation, key, kept);
        }
        if (Pem.match(key, first)) {
          return renew(
              generation,
              certificateFile,
              new KeyPair(first.getPublicKey(), key),
              names,
              now,
              random);
        }
      }
      // A key whose public half is told nowhere: begin again with a new pair.
      var pair = SelfSigned.newKey(random);
      Pem.write(keyFile, "PRIVATE KEY", pair.getPrivate().getEncoded(), true);
      return renew(generation, certificateFile, pair, names, now, random);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make a certificate in " + folder + ": " + e, e);
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  private static Material renew(
      long generation,
      Path file,
      KeyPair pair,
      List<String> names,
      Instant now,
      SecureRandom random)
      throws IOException, GeneralSecurityException {
    var certificate = SelfSigned.certificate(pair, names, now, random);
    Pem.write(file, "CERTIFICATE", certificate.getEncoded(), false);
    return new Material(generation, pair.getPrivate(), List.of(certificate));
  }

  /** Computed once, when first asked for: it starts the TLS provider. */
  private static final class Suites {
    static final String[] NAMES =
        Arrays.stream(
                newContext(
                        new TlsKeys(
                            name -> {
                              throw new IllegalStateException(name);
                            }))
                    .getSupportedSSLParameters()
                    .getCipherSuites())
            .filter(suite -> !suite.contains("_CBC_"))
            .filter(
                suite ->
                    suite.startsWith("TLS_AES_")
                        || suite.startsWith("TLS_CHACHA20_")
                        || suite.startsWith("TLS_ECDHE_"))
            .filter(suite -> suite.contains("_GCM_") || suite.contains("CHACHA20"))
            .toArray(String[]::new);
  }
}
