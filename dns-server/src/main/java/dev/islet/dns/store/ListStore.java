package dev.islet.dns.store;

import dev.islet.dns.filter.Decision;
import dev.islet.dns.filter.DomainSet;
import dev.islet.dns.filter.ListFormat;
import dev.islet.dns.filter.ListReader;
import dev.islet.dns.filter.ListSink;
import dev.islet.dns.filter.SetBuilder;
import dev.islet.dns.filter.Verb;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads lists from files and keeps their compiled form, so that a start need not read them again. A
 * compiled list is written beside, made durable and then renamed: whenever the power goes, the old
 * one or the new one is there whole. While a list cannot be read, its last compiled form is used.
 */
public final class ListStore {
  /** Larger files are no lists. */
  public static final long MAX_BYTES = 256L << 20;

  /** What compiling so many rules leaves in the heap is worth the pause of giving it back. */
  private static final int MANY = 100_000;

  private static final Logger LOG = System.getLogger("islet.dns");

  /** Compiled otherwise before: to be raised when readers change. */
  private static final long VERSION = 1;

  private final Optional<Path> folder;

  /**
   * @param folder for compiled lists; without one they are compiled in memory each time
   */
  public ListStore(Optional<Path> folder) {
    this.folder = folder;
  }

  /** Where the copy of a list from the web is kept; nowhere without a folder. */
  public Optional<Path> copy(String name) {
    return folder.map(f -> f.resolve(name + ".list"));
  }

  /** What is read. */
  public record Source(String name, Path file, Optional<ListFormat> format) {}

  /**
   * The rules of a list.
   *
   * @throws ZoneFault if it cannot be read and never was
   */
  public DomainSet load(Source source) throws ZoneFault {
    var compiled = folder.map(f -> f.resolve(source.name() + ".set"));
    long form = source.format().map(f -> f.ordinal() + 1).orElse(0) + 16 * VERSION;
    try {
      long size = Files.size(source.file());
      if (size > MAX_BYTES) {
        throw new ZoneFault(
            source.file().toString(), 0, size + " bytes, more than the " + MAX_BYTES + " allowed");
      }
      long first = size << 16 | form;
      long second = Files.getLastModifiedTime(source.file()).to(TimeUnit.NANOSECONDS);
      var kept = compiled.flatMap(c -> kept(c, first, second));
      return kept.isPresent() ? kept.get() : compiled(source, compiled, first, second);
    } catch (IOException e) {
      var what =
          e instanceof NoSuchFileException
              ? "there is no such file"
              : "cannot be read: " + e.getMessage();
      var last = compiled.flatMap(c -> whole(c));
      if (last.isEmpty()) {
        throw new ZoneFault(source.file().toString(), 0, what);
      }
      LOG.log(
          Level.WARNING,
          "service=dns list="
              + source.name()
              + " file="
              + source.file()
              + " "
              + what
              + "; its last compiled form is used");
      return last.get();
    }
  }

  /** How many rules a list's file has. */
  long entries(Source source) throws IOException {
    var count = new long[1];
    read(source, (line, wire, scope, verb, condition) -> count[0]++);
    return count[0];
  }

  private static void read(Source source, ListSink sink) throws IOException {
    ListReader.read(() -> open(source.file()), source.format(), sink);
  }

  private static Optional<DomainSet> kept(Path compiled, long first, long second) {
    try {
      var bytes = map(compiled);
      return DomainSet.stamped(bytes, first, second)
          ? Optional.of(DomainSet.of(bytes))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // not there, or not whole: it is made again
    }
  }

  private static Optional<DomainSet> whole(Path compiled) {
    try {
      return Optional.of(DomainSet.of(map(compiled)));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static java.nio.ByteBuffer map(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private static DomainSet compiled(Source source, Optional<Path> to, long first, long second)
      throws IOException, ZoneFault {
    var set = compile(source, to, first, second);
    if (set.entries() > MANY) {
      // What that took would stay in the heap until it is full, which in a home is never.
      System.gc();
    }
    return set;
  }

  private static DomainSet compile(Source source, Optional<Path> to, long first, long second)
      throws IOException, ZoneFault {
    var builder = new SetBuilder();
    try {
      read(
          source,
          new ListSink() {
            @Override
            public void rule(int line, byte[] wire, int scope, Verb verb, String condition) {
              builder.add(wire, scope, verb, condition);
            }

            @Override
            public void skip(int line, String reason) {
              builder.skip(reason);
            }
          });
    } catch (SetBuilder.Full e) {
      throw new ZoneFault(source.file().toString(), 0, String.valueOf(e.getMessage()));
    }
    if (to.isEmpty()) {
      return builder.build();
    }
    var target = to.get();
    var folder = target.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    var beside = target.resolveSibling(target.getFileName() + ".new");
    try (var channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      var out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      builder.write(out, first, second);
      out.flush();
      channel.force(true);
    }
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    return DomainSet.of(map(target));
  }

  private static BufferedReader open(Path file) throws IOException {
    var reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8), 1 << 16);
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    return reader;
  }

  /** The line of a list that a rule came from; empty if the file has changed since. */
  public Optional<Integer> line(Source source, Decision decision) throws IOException {
    var name = decision.name().toWireCanonical();
    var text = decision.texts().isEmpty() ? "" : decision.texts().getFirst();
    var found = new int[1];
    read(
        source,
        (line, wire, scope, verb, condition) -> {
          if (found[0] == 0
              && verb == decision.verb()
              && scope == decision.scope()
              && condition.equals(text)
              && wire.length >= name.length
              && Arrays.equals(wire, 0, name.length, name, 0, name.length)) {
            found[0] = line;
          }
        });
    return found[0] == 0 ? Optional.empty() : Optional.of(found[0]);
  }
}
