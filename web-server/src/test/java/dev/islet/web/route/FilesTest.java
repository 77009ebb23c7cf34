package dev.islet.web.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.web.model.Headers;
import dev.islet.web.model.Request;
import dev.islet.web.wire.TargetPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilesTest {
  private static final String WHEN = "Tue, 24 Nov 2026 08:00:00 GMT";
  private static final String BEFORE = "Tue, 24 Nov 2026 07:59:59 GMT";
  private static final String AFTER = "Tue, 24 Nov 2026 08:00:01 GMT";
  private static final long MODIFIED = 1_795_507_200L * 1_000_000_000L + 123_456_789L;

  /** Files in memory. */
  private static final class Memory implements Tree {
    private final Map<List<String>, byte[]> files = new HashMap<>();

    Memory with(String path, String content) {
      files.put(List.of(path.split("/")), content.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    private Optional<Entry> entry(List<String> segments) {
      var content = files.get(segments);
      var name = segments.isEmpty() ? "" : segments.getLast();
      if (content != null) {
        return Optional.of(
            new Entry(
                name, false, content.length, MODIFIED, 7, Path.of(String.join("/", segments))));
      }
      boolean folder =
          files.keySet().stream()
              .anyMatch(
                  f ->
                      f.size() > segments.size() && f.subList(0, segments.size()).equals(segments));
      return folder
          ? Optional.of(
              new Entry(name, true, 0, MODIFIED, 8, Path.of("/" + String.join("/", segments))))
          : Optional.empty();
    }

    @Override
    public Optional<Resource> find(List<String> segments) {
      return entry(segments)
          .map(e -> new Resource(e, beside(segments, ".br"), beside(segments, ".gz")));
    }

    private Optional<Entry> beside(List<String> segments, String ending) {
      if (segments.isEmpty()) {
        return Optional.empty();
      }
      var names = new ArrayList<>(segments);
      names.set(names.size() - 1, names.getLast() + ending);
      return entry(names).filter(e -> !e.folder());
    }

    @Override
    public boolean isWarm(List<String> segments) {
      return true;
    }

    @Override
    public List<Entry> list(Entry folder) {
      return files.keySet().stream()
          .map(f -> entry(f).orElseThrow())
          .sorted(java.util.Comparator.comparing(Entry::name))
          .toList();
    }

    @Override
    public byte[] read(Entry file) {
      return inMemory(file).orElseThrow();
    }

    @Override
    public Optional<byte[]> inMemory(Entry file) {
      return Optional.ofNullable(files.get(List.of(file.path().toString().split("/"))));
    }
  }

  private final Memory tree =
      new Memory()
          .with("ten.txt", "0123456789")
          .with("long.txt", "word ".repeat(500))
          .with("style.css", "body{}")
          .with("style.css.br", "BROTLI")
          .with("style.css.gz", "GZIPPED")
          .with("docs/index.html", "<p>docs")
          .with("bare/<b>&x.txt", "x");

  private FileAnswer ask(String method, String path, String... headers) throws IOException {
    return ask(
        new FilesOptions(List.of("index.html"), false, Optional.empty(), Optional.empty()),
        method,
        path,
        headers);
  }

  private FileAnswer ask(FilesOptions options, String method, String path, String... headers)
      throws IOException {
    var target = ((TargetPath.Parsed.Good) TargetPath.parse(path)).path();
    var request =
        new Request(
            method,
            "http",
            "x",
            path,
            "",
            "HTTP/1.1",
            Headers.of(headers),
            new InetSocketAddress("127.0.0.1", 1),
            new byte[0]);
    return new Files(tree, options, new Compressed()).answer(request, target, target);
  }

  private String body(FileAnswer answer) {
    var out = new StringBuilder();
    for (var piece : answer.content()) {
      switch (piece) {
        case FileAnswer.Piece.Memory(var bytes, int offset, int count) ->
            out.append(new String(bytes, offset, count, StandardCharsets.ISO_8859_1));
        case FileAnswer.Piece.Slice(var file, long offset, long count) ->
            out.append(
                new String(
                    tree.read(file), (int) offset, (int) count, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(answer.length()).isEqualTo(out.length());
    return out.toString();
  }

  private String tag(String path, String... headers) throws IOException {
    return ask("GET", path, headers).headers().first("ETag").orElseThrow();
  }

  @Test
  void a_file_is_sent_with_all_it_takes_to_keep_it() throws IOException {
    var answer = ask("GET", "/ten.txt");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(body(answer)).isEqualTo("0123456789");
    assertThat(answer.headers().first("Content-Type")).contains("text/plain; charset=utf-8");
    assertThat(answer.headers().first("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().first("Last-Modified")).contains(WHEN);
    assertThat(answer.headers().first("Accept-Ranges")).contains("bytes");
    assertThat(answer.headers().first("Vary")).isEmpty();
    assertThat(tag("/ten.txt")).startsWith("\"").isNotEqualTo(tag("/docs/"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-None-Match | TAG | 304",
        "If-None-Match | W/TAG | 304",
        "If-None-Match | \"x\", TAG | 304",
        "If-None-Match | * | 304",
        "If-None-Match | \"x\" | 200",
        "If-Match | TAG | 200",
        "If-Match | W/TAG | 412",
        "If-Match | * | 200",
        "If-Match | \"x\" | 412",
        "If-Modified-Since | " + WHEN + " | 304",
        "If-Modified-Since | " + AFTER + " | 304",
        "If-Modified-Since | " + BEFORE + " | 200",
        "If-Modified-Since | nonsense | 200",
        "If-Unmodified-Since | " + WHEN + " | 200",
        "If-Unmodified-Since | " + BEFORE + " | 412",
      })
  void conditions_are_weighed(String name, String value, int status) throws IOException {
    assertThat(ask("GET", "/ten.txt", name, value.replace("TAG", tag("/ten.txt"))).status())
        .isEqualTo(status);
  }

  @Test
  void a_tag_outweighs_a_date() throws IOException {
    assertThat(
            ask("GET", "/ten.txt", "If-None-Match", "\"x\"", "If-Modified-Since", AFTER).status())
        .isEqualTo(200);
    assertThat(
            ask("GET", "/ten.txt", "If-Match", tag("/ten.txt"), "If-Unmodified-Since", BEFORE)
                .status())
        .isEqualTo(200);
    var same = ask("GET", "/ten.txt", "If-None-Match", tag("/ten.txt"));
    assertThat(same.headers().first("ETag")).contains(tag("/ten.txt"));
    assertThat(same.content()).isEmpty();
  }

  @Test
  void a_part_is_sent_as_206() throws IOException {
    var answer = ask("GET", "/ten.txt", "Range", "bytes=2-4");
    assertThat(answer.status()).isEqualTo(206);
    assertThat(body(answer)).isEqualTo("234");
    assertThat(answer.headers().first("Content-Range")).contains("bytes 2-4/10");
  }

  @Test
  void several_parts_come_in_one_body() throws IOException {
    var answer = ask("GET", "/ten.txt", "Range", "bytes=0-1,8-");
    assertThat(answer.status()).isEqualTo(206);
    var type = answer.headers().first("Content-Type").orElseThrow();
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    var boundary = type.substring(type.indexOf('=') + 1);
    assertThat(body(answer))
        .isEqualTo(
            "\r\n--"
                + boundary
                + "\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Range: bytes 0-1/10\r\n\r\n01"
                + "\r\n--"
                + boundary
                + "\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Range: bytes 8-9/10\r\n\r\n89"
                + "\r\n--"
                + boundary
                + "--\r\n");
  }

  @Test
  void a_part_outside_is_416_with_the_size() throws IOException {
    var answer = ask("GET", "/ten.txt", "Range", "bytes=10-");
    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.headers().first("Content-Range")).contains("bytes */10");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TAG | 206",
        "W/TAG | 200",
        "\"x\" | 200",
        WHEN + " | 206",
        AFTER + " | 200",
        BEFORE + " | 200"
      })
  void a_range_counts_only_for_the_file_it_was_meant_for(String condition, int status)
      throws IOException {
    assertThat(
            ask(
                    "GET",
                    "/ten.txt",
                    "Range",
                    "bytes=0-1",
                    "If-Range",
                    condition.replace("TAG", tag("/ten.txt")))
                .status())
        .isEqualTo(status);
  }

  @Test
  void ranges_are_for_get_alone() throws IOException {
    assertThat(ask("HEAD", "/ten.txt", "Range", "bytes=0-1").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "br | br | BROTLI",
        "gzip | gzip | GZIPPED",
        "gzip, br;q=0.1 | gzip | GZIPPED",
        "gzip;q=0 | '' | body{}",
        "br;q=0, gzip;q=0, * | '' | body{}",
        "identity | '' | body{}",
      })
  void copies_beside_the_file_are_chosen_by_weight(String accept, String coding, String content)
      throws IOException {
    var answer = ask("GET", "/style.css", "Accept-Encoding", accept);
    assertThat(body(answer)).isEqualTo(content);
    assertThat(answer.headers().first("Content-Encoding").orElse("")).isEqualTo(coding);
    assertThat(answer.headers().first("Content-Type")).contains("text/css; charset=utf-8");
    assertThat(answer.headers().first("Vary")).contains("Accept-Encoding");
  }

  @Test
  void each_coding_has_a_tag_of_its_own_and_its_own_304() throws IOException {
    var tags =
        List.of(
            tag("/style.css"),
            tag("/style.css", "Accept-Encoding", "gzip"),
            tag("/style.css", "Accept-Encoding", "br"));
    assertThat(tags).doesNotHaveDuplicates();
    assertThat(
            ask("GET", "/style.css", "Accept-Encoding", "br", "If-None-Match", tags.get(1))
                .status())
        .isEqualTo(200);
    var same = ask("GET", "/style.css", "Accept-Encoding", "br", "If-None-Match", tags.get(2));
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.headers().first("Vary")).contains("Accept-Encoding");
  }

  @Test
  void text_is_compressed_on_the_way() throws IOException {
    var answer = ask("GET", "/long.txt", "Accept-Encoding", "gzip");
    assertThat(answer.headers().first("Content-Encoding")).contains("gzip");
    var bytes = body(answer).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes())
        .asString()
        .isEqualTo("word ".repeat(500));
    assertThat(ask("GET", "/long.txt").headers().first("Vary")).contains("Accept-Encoding");
    var part = ask("GET", "/long.txt", "Accept-Encoding", "gzip", "Range", "bytes=0-1");
    assertThat(body(part).getBytes(StandardCharsets.ISO_8859_1)).startsWith(0x1F, 0x8B);
  }

  @Test
  void folders_are_redirected_indexed_and_else_not_there() throws IOException {
    var moved = ask("GET", "/docs");
    assertThat(moved.status()).isEqualTo(308);
    assertThat(moved.headers().first("Location")).contains("/docs/");
    assertThat(body(ask("GET", "/docs/"))).isEqualTo("<p>docs");
    assertThat(ask("GET", "/bare/").status()).isEqualTo(404);
    assertThat(ask("GET", "/nothing").status()).isEqualTo(404);
    assertThat(ask("GET", "/ten.txt/").status()).isEqualTo(404);
  }

  @Test
  void a_listing_escapes_what_names_hold() throws IOException {
    var options = new FilesOptions(List.of(), true, Optional.empty(), Optional.empty());
    var page = ask(options, "GET", "/bare/", "Accept", "text/html");
    assertThat(page.status()).isEqualTo(200);
    assertThat(body(page))
        .contains("<html lang=\"en\">", "<title>Index of /bare/</title>", "<main>", "<caption>")
        .contains("href=\"./%3Cb%3E%26x.txt\">&lt;b&gt;&amp;x.txt</a>")
        .doesNotContain("<b>");
    assertThat(page.headers().first("Content-Security-Policy")).isPresent();
    assertThat(body(ask(options, "GET", "/bare/", "Accept", "application/json")))
        .startsWith("[{")
        .contains("\"name\":\"<b>&x.txt\"");
  }

  @Test
  void other_methods_are_told_which_are_served() throws IOException {
    assertThat(ask("POST", "/ten.txt").status()).isEqualTo(405);
    assertThat(ask("POST", "/ten.txt").headers().first("Allow")).contains("GET, HEAD, OPTIONS");
    assertThat(ask("OPTIONS", "/ten.txt").status()).isEqualTo(204);
  }

  @Test
  void an_application_may_answer_for_what_is_not_there() throws IOException {
    var options =
        new FilesOptions(
            List.of("index.html"), false, Optional.of("no-cache"), Optional.of("/docs/index.html"));
    var answer = ask(options, "GET", "/some/view");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(body(answer)).isEqualTo("<p>docs");
    assertThat(answer.headers().first("Cache-Control")).contains("no-cache");
  }
}
