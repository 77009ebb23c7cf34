package dev.islet.ftp.dialog;

import dev.islet.ftp.view.FileView.Upload;
import java.io.IOException;
import java.io.OutputStream;

/** Line ends: LF on disk, CR LF on the wire in TYPE A (RFC 959 section 3.1.1.1). */
final class Text {
  /** Bytes moved at a time. */
  static final int BUFFER = 64 << 10;

  private Text() {}

  /** Makes CR LF of LF, but leaves a CR LF as it is. */
  static final class ToNetwork {
    private final byte[] wide = new byte[2 * BUFFER];
    private boolean afterReturn;

    /** Writes the converted bytes and tells how many they were. */
    int write(byte[] bytes, int length, OutputStream out) throws IOException {
      int to = 0;
      for (int i = 0; i < length; i++) {
        byte b = bytes[i];
        if (b == '\n' && !afterReturn) {
          wide[to++] = '\r';
        }
        wide[to++] = b;
        afterReturn = b == '\r';
      }
      out.write(wide, 0, to);
      return to;
    }
  }

  /** Makes LF of CR LF; a CR before anything else stays. */
  static final class FromNetwork {
    private static final byte[] RETURN = {'\r'};
    private boolean held;

    /** Converts in place and tells how many bytes are left; may write a held CR first. */
    int convert(byte[] bytes, int length, Upload upload) throws IOException {
      if (held && length > 0) {
        if (bytes[0] != '\n') {
          upload.write(RETURN, 0, 1);
        }
        held = false;
      }
      int to = 0;
      for (int i = 0; i < length; i++) {
        if (bytes[i] == '\r') {
          if (i + 1 == length) {
            held = true;
            continue;
          }
          if (bytes[i + 1] == '\n') {
            continue;
          }
        }
        bytes[to++] = bytes[i];
      }
      return to;
    }

    void end(Upload upload) throws IOException {
      if (held) {
        upload.write(RETURN, 0, 1);
      }
    }
  }
}
