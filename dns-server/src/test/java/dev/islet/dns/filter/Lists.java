package dev.islet.dns.filter;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Lists made of text, as tests want them. */
final class Lists {
  private Lists() {}

  static DomainSet compile(ListFormat format, String text) {
    return compile(Optional.of(format), text);
  }

  static DomainSet compile(Optional<ListFormat> format, String text) {
    var builder = new SetBuilder();
    try {
      ListReader.read(
          () -> new BufferedReader(new StringReader(text)),
          format,
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build(builder);
  }

  static DomainSet build(SetBuilder builder) {
    var out = new ByteArrayOutputStream();
    try {
      builder.write(out, 1, 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DomainSet.of(ByteBuffer.wrap(out.toByteArray()));
  }
}
