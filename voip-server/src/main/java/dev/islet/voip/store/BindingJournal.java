package dev.islet.voip.store;

import dev.islet.core.journal.Journal;
import dev.islet.voip.model.Binding;
import dev.islet.voip.model.Flow;
import dev.islet.voip.registrar.Registrar.Change;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Registrations on disk: what a phone was told holds, holds after a power cut. */
public final class BindingJournal implements AutoCloseable {
  private static final byte PUT = 1;
  private static final byte GONE = 2;
  private static final long COMPACT_ABOVE = 4_000;

  private record Key(String extension, String contact) {}

  private final Map<Key, Binding> live = new LinkedHashMap<>();
  private final Journal journal;
  private boolean dirty;

  private BindingJournal(Path file) throws IOException {
    this.journal = Journal.open(file, this::replay);
  }

  /** Opens or makes the journal. */
  public static BindingJournal open(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    return new BindingJournal(file);
  }

  /** What holds by the journal, whether or not its time is up. */
  public Collection<Binding> bindings() {
    return List.copyOf(live.values());
  }

  /** Notes a change; durable after {@link #commit}. */
  public void append(Change change) {
    journal.append(encode(change));
    apply(change);
    dirty = true;
  }

  /** Makes every change noted so far durable; does nothing if there is none. */
  public void commit() throws IOException {
    if (!dirty) {
      return;
    }
    journal.commit();
    dirty = false;
    if (journal.records() > COMPACT_ABOVE && journal.records() > 4L * live.size()) {
      journal.compact(out -> live.values().forEach(b -> out.accept(encode(new Change.Put(b)))));
    }
  }

  @Override
  public void close() {
    journal.close();
  }

  private void apply(Change change) {
    switch (change) {
      case Change.Put(var b) -> live.put(new Key(b.extension(), b.contact()), b);
      case Change.Gone(var extension, var contact, _) -> live.remove(new Key(extension, contact));
    }
  }

  private void replay(ByteBuffer record) {
    var bytes = new byte[record.remaining()];
    record.get(bytes);
    try {
      apply(decode(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("a record of registrations cannot be read", e);
    }
  }

  private static byte[] encode(Change change) {
    var bytes = new ByteArrayOutputStream(192);
    var out = new DataOutputStream(bytes);
    try {
      switch (change) {
        case Change.Put(var b) -> {
          out.writeByte(PUT);
          out.writeUTF(b.extension());
          out.writeUTF(b.contact());
          out.writeByte(b.flow().transport().ordinal());
          address(out, b.flow().local());
          address(out, b.flow().remote());
          out.writeUTF(b.callId());
          out.writeLong(b.cseq());
          out.writeInt(b.priority());
          out.writeLong(b.expires());
          out.writeUTF(b.agent());
        }
        case Change.Gone(var extension, var contact, _) -> {
          out.writeByte(GONE);
          out.writeUTF(extension);
          out.writeUTF(contact);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array takes everything", e);
    }
    return bytes.toByteArray();
  }

  private static Change decode(byte[] bytes) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    byte kind = in.readByte();
    var extension = in.readUTF();
    var contact = in.readUTF();
    if (kind == GONE) {
      return new Change.Gone(extension, contact, "");
    }
    if (kind != PUT) {
      throw new IOException("kind " + kind + " is from a newer version");
    }
    var transport = Flow.Transport.values()[in.readByte()];
    var local = address(in);
    var remote = address(in);
    // The connection of before has ended with the process.
    var flow = new Flow(transport, local, remote, 0);
    return new Change.Put(
        new Binding(
            extension,
            contact,
            flow,
            in.readUTF(),
            in.readLong(),
            in.readInt(),
            in.readLong(),
            in.readUTF()));
  }

  private static void address(DataOutputStream out, InetSocketAddress address) throws IOException {
    var ip = address.getAddress().getAddress();
    out.writeByte(ip.length);
    out.write(ip);
    out.writeShort(address.getPort());
  }

  private static InetSocketAddress address(DataInputStream in) throws IOException {
    var ip = in.readNBytes(in.readByte());
    return new InetSocketAddress(InetAddress.getByAddress(ip), in.readUnsignedShort());
  }
}
