package dev.islet.dns.store;

import dev.islet.dns.dnssec.KeyPhase;
import dev.islet.dns.dnssec.KeyRole;
import dev.islet.dns.dnssec.KeyState;
import dev.islet.dns.dnssec.KeyStore;
import dev.islet.dns.dnssec.KeyText;
import dev.islet.dns.dnssec.SignerState;
import dev.islet.dns.dnssec.ZoneKey;
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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/**
 * Keeps the keys of signed zones, a folder for each: the pairs in BIND's form, and {@code state},
 * lines of text that say where each key is in its life. Only the owner can read them.
 *
 * <p>A key is on disk before the state that names it, and the state takes the place of the one
 * before in one step, so that a crash leaves either.
 */
public final class KeyFolder implements KeyStore {
  private static final String HEAD = "islet-dnssec-state 1";

  private final Path folder;

  /**
   * @param folder of all zones' folders; made when the first key is kept
   */
  public KeyFolder(Path folder) {
    this.folder = folder;
  }

  private Path of(Name zone) {
    var name = zone.equals(Name.root) ? "root" : zone.toString(true).toLowerCase(Locale.ROOT);
    return folder.resolve(name.replace('/', '_'));
  }

  @Override
  public Optional<SignerState> load(Name zone) throws IOException {
    var place = of(zone);
    if (!Files.isDirectory(place)) {
      return Optional.empty();
    }
    var state = place.resolve("state");
    return Files.exists(state) ? Optional.of(read(zone, state)) : imported(zone, place);
  }

  private static SignerState read(Name zone, Path file) throws IOException {
    var lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().equals(HEAD)) {
      throw new IOException(file + " does not begin with \"" + HEAD + "\"");
    }
    var keys = new ArrayList<KeyState>();
    long ahead = 0;
    long maxTtl = 0;
    for (int i = 1; i < lines.size(); i++) {
      var words = lines.get(i).split(" ");
      try {
        switch (words[0]) {
          case "ahead" -> ahead = Long.parseLong(words[1]);
          case "max-ttl" -> maxTtl = Long.parseLong(words[1]);
          case "key" ->
              keys.add(
                  new KeyState(
                      pair(zone, file.resolveSibling(words[1] + ".private")),
                      KeyRole.valueOf(words[2]),
                      Integer.parseInt(words[3]),
                      KeyPhase.valueOf(words[4]),
                      Instant.parse(words[5]),
                      words[6].equals("-")
                          ? Optional.empty()
                          : Optional.of(Instant.parse(words[6]))));
          default -> throw new IllegalArgumentException("unknown word " + words[0]);
        }
      } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(file + ":" + (i + 1) + ": cannot be read: " + e.getMessage(), e);
      }
    }
    return new SignerState(keys, ahead, maxTtl, Instant.EPOCH);
  }

  /** Pairs that an operator brought along are in full use, and the parent knows them. */
  private static Optional<SignerState> imported(Name zone, Path place) throws IOException {
    List<Path> files;
    try (var all = Files.list(place)) {
      files = all.filter(f -> f.getFileName().toString().endsWith(".private")).sorted().toList();
    }
    var pairs = new HashMap<ZoneKey, Instant>();
    for (var file : files) {
      pairs.put(pair(zone, file), Files.getLastModifiedTime(file).toInstant());
    }
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    boolean split = pairs.keySet().stream().anyMatch(k -> !isEntry(k));
    var keys = new ArrayList<KeyState>();
    pairs.forEach(
        (key, since) -> {
          var role = isEntry(key) ? split ? KeyRole.KSK : KeyRole.CSK : KeyRole.ZSK;
          keys.add(new KeyState(key, role, 1, KeyPhase.ACTIVE, since, Optional.of(since)));
        });
    return Optional.of(new SignerState(keys, 0, 0, Instant.EPOCH));
  }

  private static boolean isEntry(ZoneKey key) {
    return (key.record().getFlags() & 1) != 0;
  }

  private static ZoneKey pair(Name zone, Path secret) throws IOException {
    var name = secret.getFileName().toString().replaceFirst("\\.private$", ".key");
    try {
      var key =
          KeyText.read(Files.readString(secret.resolveSibling(name)), Files.readString(secret));
      if (!key.record().getName().equals(zone)) {
        throw new IOException("it is a key of " + key.record().getName());
      }
      return key;
    } catch (IOException e) {
      throw new IOException("the key " + secret + " cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public void keep(Name zone, SignerState state) throws IOException {
    var place = of(zone);
    Files.createDirectories(folder);
    if (!Files.isDirectory(place)) {
      Files.createDirectory(place, owner(place, "rwx------"));
      sync(folder);
    }
    var file = place.resolve("state");
    var before = Files.exists(file) ? named(file) : Set.<String>of();
    var now = new HashMap<String, ZoneKey>();
    state.keys().forEach(k -> now.put(KeyText.fileName(k.key()), k.key()));
    for (var entry : now.entrySet()) {
      var secret = place.resolve(entry.getKey() + ".private");
      if (!Files.exists(secret)) {
        write(place, entry.getKey() + ".key", KeyText.publicText(entry.getValue()));
        write(place, entry.getKey() + ".private", KeyText.privateText(entry.getValue()));
      }
    }
    write(place, "state", text(state));
    forget(place, before, now);
  }

  private static void forget(Path place, Set<String> before, Map<String, ZoneKey> now)
      throws IOException {
    for (var name : before) {
      if (!now.containsKey(name)) {
        Files.deleteIfExists(place.resolve(name + ".private"));
        Files.deleteIfExists(place.resolve(name + ".key"));
      }
    }
  }

  private static Set<String> named(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("key "))
        .map(line -> line.split(" ")[1])
        .collect(Collectors.toSet());
  }

  private static String text(SignerState state) {
    var text = new StringBuilder(HEAD).append('\n');
    text.append("ahead ").append(state.ahead()).append('\n');
    text.append("max-ttl ").append(state.maxTtl()).append('\n');
    for (var key : state.keys()) {
      text.append("key ")
          .append(KeyText.fileName(key.key()))
          .append(' ')
          .append(key.role())
          .append(' ')
          .append(key.generation())
          .append(' ')
          .append(key.phase())
          .append(' ')
          .append(key.since())
          .append(' ')
          .append(key.named().map(Instant::toString).orElse("-"))
          .append('\n');
    }
    return text.toString();
  }

  /** Written aside, synced and renamed, so that a crash leaves the old text or the new one. */
  private static void write(Path place, String name, String text) throws IOException {
    var file = place.resolve(name);
    var aside = place.resolve(name + ".new");
    Files.deleteIfExists(aside);
    try (var out =
        FileChannel.open(
            aside,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            owner(file, "rw-------"))) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(place);
  }

  private static void sync(Path folder) throws IOException {
    try (var handle = FileChannel.open(folder)) {
      handle.force(true);
    }
  }

  private static FileAttribute<?>[] owner(Path file, String rights) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }
}
