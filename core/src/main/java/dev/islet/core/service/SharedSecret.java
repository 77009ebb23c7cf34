package dev.islet.core.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;

/**
 * A random secret kept in a file that only its owner can read: made on first use, so that nothing
 * ships with a default password. Services that name the same file share the secret, whichever comes
 * first.
 */
public final class SharedSecret {
  private SharedSecret() {}

  /**
   * Reads the secret, making 256 random bits on first use.
   *
   * @return 64 hexadecimal digits, or whatever one line an operator has put there
   * @throws IOException if the file cannot be made or read, or is empty
   */
  public static String of(Path file) throws IOException {
    if (!Files.exists(file)) {
      var folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
      Files.createDirectories(folder);
      var fresh = new byte[32];
      new SecureRandom().nextBytes(fresh);
      write(folder, file, HexFormat.of().formatHex(fresh));
    }
    var secret = Files.readString(file).strip();
    if (secret.isEmpty()) {
      throw new IOException(file + " is empty; put a secret there or delete it to have one made");
    }
    return secret;
  }

  /** Written aside and linked into place, so that nobody reads half a secret. */
  private static void write(Path folder, Path file, String secret) throws IOException {
    FileAttribute<?>[] owner =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    var aside = Files.createTempFile(folder, file.getFileName().toString(), ".new", owner);
    try {
      try (var out = FileChannel.open(aside, Set.of(StandardOpenOption.WRITE))) {
        out.write(ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.US_ASCII)));
        out.force(true);
      }
      Files.createLink(file, aside);
    } catch (FileAlreadyExistsException e) {
      return; // another service was first; its secret is the one
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}
