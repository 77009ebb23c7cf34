package dev.islet.core.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Objects;

/** The names beside a journal, its lock, and the flush of its folder. */
final class JournalFiles {
  private JournalFiles() {}

  /** Where a compaction writes the new content before it takes the journal's name. */
  static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".compacting");
  }

  /**
   * Takes the lock that keeps a second process away; held until closed, or until the process ends
   * in any way. It is a file of its own, since the journal's name comes to mean another file with
   * each compaction.
   */
  static RandomAccessFile lock(Path file) throws IOException {
    var path = file.resolveSibling(file.getFileName() + ".lock");
    var io = new RandomAccessFile(path.toFile(), "rw");
    try {
      if (io.getChannel().tryLock() == null) {
        throw new IOException("another process holds " + file + "; stop it first");
      }
      return io;
    } catch (OverlappingFileLockException e) {
      io.close();
      throw new IOException(file + " is open already in this process", e);
    } catch (IOException e) {
      io.close();
      throw e;
    }
  }

  static Path folder(Path absolute) {
    return Objects.requireNonNull(absolute.getParent(), "a file has a folder");
  }

  /** Makes a new or changed name durable; systems that cannot flush a folder need not. */
  static void syncFolder(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (var folder = FileChannel.open(folder(file))) {
          folder.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted(); // only a channel can flush a folder: once more
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
