package dev.islet.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Keys and certificates as text (RFC 7468); each failure names the file and what to do. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");
  private static final int LONGEST = 1 << 20;

  private Pem() {}

  /** Every certificate of a file, the server's own first. */
  static List<X509Certificate> certificates(Path file) throws IOException {
    var chain = new ArrayList<X509Certificate>();
    var blocks = BLOCK.matcher(text(file));
    while (blocks.find()) {
      if (!blocks.group(1).equals("CERTIFICATE")) {
        continue;
      }
      try {
        chain.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(decode(file, blocks.group(2)))));
      } catch (GeneralSecurityException e) {
        throw new IOException(
            file + ": certificate " + (chain.size() + 1) + " is damaged: " + e.getMessage(), e);
      }
    }
    if (chain.isEmpty()) {
      throw new IOException(file + ": holds no certificate; expected -----BEGIN CERTIFICATE-----");
    }
    return List.copyOf(chain);
  }

  /** The one private key of a file, in PKCS #8 (RFC 5958). */
  static PrivateKey privateKey(Path file) throws IOException {
    var text = text(file);
    var blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      if (blocks.group(1).equals("PRIVATE KEY")) {
        return key(file, decode(file, blocks.group(2)));
      }
    }
    var labels = BEGIN.matcher(text);
    while (labels.find()) {
      switch (labels.group(1)) {
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IOException(
                file + ": the key is encrypted; write it plain: openssl pkey -in FILE -out NEW");
        case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
            throw new IOException(
                file
                    + ": the key is in the old form of "
                    + labels.group(1)
                    + "; convert it: openssl pkey -in FILE -out NEW");
        default -> {}
      }
    }
    throw new IOException(file + ": holds no private key; expected -----BEGIN PRIVATE KEY-----");
  }

  /** Proves by a signature that key and certificate belong together. */
  static boolean match(PrivateKey key, X509Certificate certificate) {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(certificate.getSerialNumber().toByteArray());
      var proof = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(certificate.getSerialNumber().toByteArray());
      return signature.verify(proof);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Writes aside, syncs, then renames: a reader sees the old file or the new one, never half. */
  static void write(Path file, String label, byte[] der, boolean ownerOnly) throws IOException {
    var text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label);
    var folder = file.toAbsolutePath().getParent();
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] rights =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    var aside = Files.createTempFile(folder, file.getFileName().toString(), ".new", rights);
    try {
      try (var out = FileChannel.open(aside, Set.of(StandardOpenOption.WRITE))) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      if (posix && !ownerOnly) {
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-r--r--"));
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static PrivateKey key(Path file, byte[] der) throws IOException {
    for (var algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        continue; // another kind of key
      }
    }
    throw new IOException(file + ": the key is damaged, or neither EC, RSA nor Ed25519");
  }

  private static byte[] decode(Path file, String base64) throws IOException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": damaged base64: " + e.getMessage(), e);
    }
  }

  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": there is no such file");
    }
    if (Files.size(file) > LONGEST) {
      throw new IOException(file + ": is too long for a PEM file");
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
