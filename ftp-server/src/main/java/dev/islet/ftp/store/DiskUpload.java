package dev.islet.ftp.store;

import dev.islet.ftp.view.FileRefused;
import dev.islet.ftp.view.FileRefused.Reason;
import dev.islet.ftp.view.FileView.Start;
import dev.islet.ftp.view.FileView.Upload;
import dev.islet.ftp.view.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A file on its way in, written aside in the folder it is meant for. Finishing it forces the bytes
 * to the disk, then renames, then forces the folder: after a power cut there is either what was
 * before or the whole new file. Left without finishing, the part stays for the client to go on
 * with; its name follows from the file's, so a later session finds it.
 *
 * <p>Appending to a file that exists writes in place, as a log wants it: what came stays.
 */
final class DiskUpload implements Upload {
  private final Folder folder;
  private final String name;
  private final String written;
  private final FileChannel channel;
  private final OptionalInt mode;
  private final boolean durable;
  private final Runnable release;
  private boolean open = true;

  private DiskUpload(
      Folder folder,
      String name,
      String written,
      FileChannel channel,
      OptionalInt mode,
      boolean durable,
      Runnable release) {
    this.folder = folder;
    this.name = name;
    this.written = written;
    this.channel = channel;
    this.mode = mode;
    this.durable = durable;
    this.release = release;
  }

  /** The name a file has while it is on its way in. */
  static String aside(String name) {
    var plain = VirtualPath.RESERVED + name;
    if (plain.getBytes(StandardCharsets.UTF_8).length <= 255) {
      return plain;
    }
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return VirtualPath.RESERVED + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }

  /**
   * Opens the file aside, or the file itself to append to it.
   *
   * @param target what has the name now
   */
  static DiskUpload begin(
      Folder folder,
      String name,
      Optional<BasicFileAttributes> target,
      Start start,
      boolean durable,
      Runnable release)
      throws IOException {
    var aside = aside(name);
    var mode =
        target.isPresent() ? OptionalInt.of(folder.mode(name, target.get())) : OptionalInt.empty();
    var channel =
        switch (start) {
          case Start.Fresh() -> fresh(folder, aside);
          case Start.Keep(long bytes) ->
              target.isPresent()
                  ? copied(folder, name, aside, bytes)
                  : continued(folder, aside, bytes);
          case Start.AtEnd() ->
              target.isPresent()
                  ? folder.file(name, Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND))
                  : continued(folder, aside, -1);
        };
    boolean inPlace = start instanceof Start.AtEnd && target.isPresent();
    return new DiskUpload(
        folder,
        name,
        inPlace ? name : aside,
        channel,
        inPlace ? OptionalInt.empty() : mode,
        durable,
        release);
  }

  private static FileChannel fresh(Folder folder, String aside) throws IOException {
    try {
      folder.remove(aside);
    } catch (NoSuchFileException e) {
      // the usual case: nothing was left
    }
    return folder.file(aside, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
  }

  /**
   * A copy of a file that exists and stays as it is until the end, to be written from an offset on.
   * What lies behind the new bytes is kept: REST means "from here", not "cut here".
   */
  private static FileChannel copied(Folder folder, String name, String aside, long bytes)
      throws IOException {
    try (var source = folder.file(name, Set.of(StandardOpenOption.READ))) {
      if (bytes > source.size()) {
        throw tooFar(bytes, source.size());
      }
      var channel = fresh(folder, aside);
      try {
        long size = source.size();
        for (long at = 0; at < size; ) {
          at += source.transferTo(at, size - at, channel);
        }
        return channel.position(bytes);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }
  }

  /** Behind the first bytes of what an earlier upload left; behind all of it with -1. */
  private static FileChannel continued(Folder folder, String aside, long bytes) throws IOException {
    FileChannel channel;
    try {
      channel = folder.file(aside, Set.of(StandardOpenOption.WRITE));
    } catch (NoSuchFileException e) {
      if (bytes > 0) {
        throw tooFar(bytes, 0);
      }
      return fresh(folder, aside);
    }
    try {
      long size = channel.size();
      if (bytes > size) {
        throw tooFar(bytes, size);
      }
      return bytes < 0 ? channel.position(size) : channel.truncate(bytes).position(bytes);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static FileRefused tooFar(long asked, long size) {
    return new FileRefused(
        Reason.OFFSET, "cannot go on at " + asked + ": " + size + " bytes are here");
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    var buffer = ByteBuffer.wrap(bytes, offset, length);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw DiskView.DiskFaults.refused(e);
    }
  }

  @Override
  public void finish() throws IOException {
    try {
      if (durable) {
        channel.force(true);
      }
      channel.close();
      if (!written.equals(name)) {
        // Unreadable by its owner means it cannot be opened for the change either.
        if (mode.isPresent() && (mode.getAsInt() & 0400) != 0) {
          folder.mode(written, mode.getAsInt());
        }
        folder.move(written, folder, name);
      }
      if (durable) {
        folder.sync();
      }
    } catch (IOException e) {
      throw DiskView.DiskFaults.refused(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!open) {
      return;
    }
    open = false;
    try (folder) {
      channel.close();
    } finally {
      release.run();
    }
  }
}
