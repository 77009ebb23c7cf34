package dev.islet.ftp.view;

import dev.islet.ftp.model.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * An account's home. Implementations keep to it whatever the path: no link leads out, and none is
 * followed. Used by one session at a time; several views of the same home may be open.
 *
 * <p>Every method throws {@link FileRefused} for what a client can cause; any other IOException is
 * a fault of the disk.
 */
public interface FileView extends AutoCloseable {
  /** What lies there. */
  Entry stat(VirtualPath path) throws IOException;

  /** Tells each entry of a folder, in no order, links and unfinished uploads left out. */
  void list(VirtualPath folder, Consumer<Entry> each) throws IOException;

  /** Opens a file for reading from an offset, which may be its end but not lie behind it. */
  InputStream read(VirtualPath file, long from) throws IOException;

  /** How an upload begins. */
  sealed interface Start {
    /** With nothing; an earlier unfinished upload of the name is dropped. */
    record Fresh() implements Start {}

    /**
     * From an offset on, which may not lie behind the end of what is there. In a file, what lies
     * behind the new bytes stays as it was; of an unfinished upload it is dropped.
     */
    record Keep(long bytes) implements Start {}

    /** At the end of the file, in place; or at the end of an unfinished upload of it. */
    record AtEnd() implements Start {}
  }

  /** Begins to write a file. */
  Upload write(VirtualPath file, Start start) throws IOException;

  /** A file on its way in. */
  interface Upload extends AutoCloseable {
    /** Adds bytes. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Makes them durable and gives the file its name; nobody has seen it under it before. */
    void finish() throws IOException;

    /** Ends it; without {@link #finish} what has come is kept aside, for the client to go on. */
    @Override
    void close() throws IOException;
  }

  /** Bytes of an unfinished upload of this name; 0 if there is none or it is being written. */
  long unfinished(VirtualPath file) throws IOException;

  /** Makes a folder. */
  void makeFolder(VirtualPath folder) throws IOException;

  /** Removes an empty folder; unfinished uploads in it go with it. */
  void removeFolder(VirtualPath folder) throws IOException;

  /** Removes a file. */
  void remove(VirtualPath file) throws IOException;

  /** Gives a file or folder another name; a file of that name is replaced, a folder is not. */
  void rename(VirtualPath from, VirtualPath to) throws IOException;

  /** Sets the time of the last change. */
  void touch(VirtualPath file, Instant modified) throws IOException;

  @Override
  void close();
}
