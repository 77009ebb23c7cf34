package dev.islet.core.admin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The secret that callers of an admin endpoint present. */
public final class Token {
  private static final String FILE = "admin.token";

  private Token() {}

  /**
   * Reads the token of a data folder, making a random one of 128 bits on first use. Services that
   * share the folder share the token, whoever comes first.
   */
  public static String of(Path data) throws IOException {
    Files.createDirectories(data);
    var file = data.resolve(FILE);
    if (!Files.exists(file)) {
      var fresh = new byte[16];
      new SecureRandom().nextBytes(fresh);
      write(data, file, HexFormat.of().formatHex(fresh));
    }
    return Files.readString(file).strip();
  }

  /** Written aside and linked into place, so that nobody reads half a token. */
  private static void write(Path data, Path file, String token) throws IOException {
    FileAttribute<?>[] owner =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    var aside = Files.createTempFile(data, FILE, ".new", owner);
    try {
      try (var out = FileChannel.open(aside, Set.of(StandardOpenOption.WRITE))) {
        out.write(java.nio.ByteBuffer.wrap((token + "\n").getBytes(StandardCharsets.US_ASCII)));
        out.force(true);
      }
      Files.createLink(file, aside);
    } catch (FileAlreadyExistsException e) {
      return; // another service was first; its token is the one
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /** Compares in constant time. */
  static boolean matches(String expected, String presented) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
  }
}
