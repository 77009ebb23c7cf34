package dev.islet.web.route;

import dev.islet.web.model.Headers;
import dev.islet.web.model.Request;
import dev.islet.web.wire.Accepts;
import dev.islet.web.wire.ByteRanges;
import dev.islet.web.wire.EntityTag;
import dev.islet.web.wire.HttpDate;
import dev.islet.web.wire.TargetPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what to answer to a request for static files. Knows no socket and no disk.
 *
 * <p>The order of things, each step ending the matter if it can (RFC 9110 section 13.2.2):
 *
 * <ol>
 *   <li>the method: GET and HEAD are served, OPTIONS is told so, others get 405;
 *   <li>the path: a folder without its slash is redirected, then its index, its listing, or 404;
 *   <li>the representation: brotli or gzip from a file beside it, gzip made here, or as it is,
 *       whichever the client likes best; each has an entity tag of its own;
 *   <li>If-Match, else If-Unmodified-Since: 412;
 *   <li>If-None-Match, else If-Modified-Since: 304;
 *   <li>Range, if If-Range does not forbid it: 206 or 416;
 *   <li>200.
 * </ol>
 */
public final class Files {
  private final Tree tree;
  private final FilesOptions options;
  private final Compressed compressed;

  public Files(Tree tree, FilesOptions options, Compressed compressed) {
    this.tree = tree;
    this.options = options;
    this.compressed = compressed;
  }

  /** A representation that could be sent. */
  private record Variant(Entry file, String coding, Optional<byte[]> made, EntityTag tag) {
    long size() {
      return made.map(m -> (long) m.length).orElse(file.size());
    }
  }

  /** The tree that is served. */
  public Tree tree() {
    return tree;
  }

  /** Whether {@link #answer} would not wait for a disk or compress anything. */
  public boolean isWarm(TargetPath path) {
    if (!tree.isWarm(path.segments())) {
      return false;
    }
    var found = tree.find(path.segments());
    return found.isPresent()
        && !found.get().entry().folder()
        && tree.inMemory(found.get().entry()).isPresent()
        && (found.get().gzip().isPresent()
            || compressed.known(found.get().entry()).isPresent()
            || !Compressed.suits(found.get().entry(), MediaTypes.of(found.get().entry().name())));
  }

  /**
   * Decides.
   *
   * @param path below the route's own
   * @param shown the whole path as the client sees it, for redirects and titles
   */
  public FileAnswer answer(Request request, TargetPath path, TargetPath shown) throws IOException {
    switch (request.method()) {
      case "GET", "HEAD" -> {}
      case "OPTIONS" -> {
        return new FileAnswer(204, Headers.of("Allow", "GET, HEAD, OPTIONS"), List.of());
      }
      default -> {
        return error(request, 405, "Only GET and HEAD are served here.")
            .apply(h -> h.with("Allow", "GET, HEAD, OPTIONS"));
      }
    }
    var found = tree.find(path.segments());
    if (found.isEmpty() || path.folder() && !found.get().entry().folder()) {
      return fallback(request);
    }
    if (!found.get().entry().folder()) {
      return file(request, found.get());
    }
    if (!path.folder() && !path.segments().isEmpty()) {
      var location = new TargetPath(shown.segments(), true).encoded();
      var query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
      return page(308, Pages.error(308, "The folder is at " + location))
          .apply(h -> h.with("Location", location + query));
    }
    for (var index : options.index()) {
      var segments = new ArrayList<>(path.segments());
      segments.add(index);
      var page = tree.find(segments);
      if (page.isPresent() && !page.get().entry().folder()) {
        return file(request, page.get());
      }
    }
    return options.listing() ? listing(request, found.get().entry(), shown) : fallback(request);
  }

  private FileAnswer fallback(Request request) throws IOException {
    if (options.fallback().isPresent()
        && TargetPath.parse(options.fallback().get()) instanceof TargetPath.Parsed.Good(var path)) {
      var page = tree.find(path.segments());
      if (page.isPresent() && !page.get().entry().folder()) {
        return file(request, page.get());
      }
    }
    return error(request, 404, "There is nothing at this address.").answer();
  }

  private FileAnswer listing(Request request, Entry folder, TargetPath shown) throws IOException {
    var entries = tree.list(folder);
    var accept = Accepts.parse(request.headers().joined("Accept").orElse("*/*"));
    boolean json = accept.typeWeight("application/json") > accept.typeWeight("text/html");
    var body =
        json
            ? Listing.json(entries)
            : Listing.page(new TargetPath(shown.segments(), true).toString(), entries);
    return new FileAnswer(
        200,
        Headers.of(
            "Content-Type", json ? "application/json" : "text/html; charset=utf-8",
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy", Pages.POLICY,
            "Cache-Control", "no-cache",
            "Vary", "Accept"),
        List.of(new FileAnswer.Piece.Memory(body.getBytes(StandardCharsets.UTF_8))));
  }

  private FileAnswer file(Request request, Resource resource) throws IOException {
    var entry = resource.entry();
    var type = MediaTypes.of(entry.name());
    boolean makes = resource.gzip().isEmpty() && Compressed.suits(entry, type);
    var variant = choose(request, resource, makes);
    var headers = new ArrayList<Headers.Field>();
    add(headers, "ETag", variant.tag().toString());
    add(headers, "Last-Modified", HttpDate.format(modified(entry)));
    options.cacheControl().ifPresent(value -> add(headers, "Cache-Control", value));
    if (makes || resource.gzip().isPresent() || resource.brotli().isPresent()) {
      add(headers, "Vary", "Accept-Encoding");
    }
    if (preconditionFails(request, variant.tag(), entry)) {
      return error(request, 412, "The file is not the one you asked about.").answer();
    }
    if (notModified(request, variant.tag(), entry)) {
      return new FileAnswer(304, new Headers(headers), List.of());
    }
    add(headers, "Accept-Ranges", "bytes");
    add(headers, "X-Content-Type-Options", "nosniff");
    if (!variant.coding().equals("identity")) {
      add(headers, "Content-Encoding", variant.coding());
    }
    var range = request.headers().all("Range");
    var wanted =
        request.method().equals("GET")
                && range.size() == 1
                && rangeApplies(request, variant.tag(), entry)
            ? ByteRanges.parse(range.getFirst(), variant.size())
            : new ByteRanges.Whole();
    return switch (wanted) {
      case ByteRanges.Whole() -> {
        add(headers, "Content-Type", type);
        yield new FileAnswer(200, new Headers(headers), List.of(piece(variant, 0, variant.size())));
      }
      case ByteRanges.Unsatisfiable() ->
          error(request, 416, "The file has " + variant.size() + " bytes.")
              .apply(
                  h ->
                      h.with("Content-Range", "bytes */" + variant.size())
                          .with("Accept-Ranges", "bytes"));
      case ByteRanges.Parts(var parts) when parts.size() == 1 -> {
        var part = parts.getFirst();
        add(headers, "Content-Type", type);
        add(headers, "Content-Range", part.contentRange(variant.size()));
        yield new FileAnswer(
            206, new Headers(headers), List.of(piece(variant, part.first(), part.length())));
      }
      case ByteRanges.Parts(var parts) -> multipart(headers, variant, type, parts);
    };
  }

  /** Several parts in one body, each with a small head (RFC 9110 section 14.6). */
  private FileAnswer multipart(
      List<Headers.Field> headers, Variant variant, String type, List<ByteRanges.Part> parts) {
    // The tag is unique to the content, so a boundary made from it does not occur in it by chance.
    var boundary =
        "part-" + Integer.toHexString(variant.tag().opaque().hashCode()) + "-" + parts.size();
    var pieces = new ArrayList<FileAnswer.Piece>();
    for (var part : parts) {
      pieces.add(
          memory(
              "\r\n--"
                  + boundary
                  + "\r\nContent-Type: "
                  + type
                  + "\r\nContent-Range: "
                  + part.contentRange(variant.size())
                  + "\r\n\r\n"));
      pieces.add(piece(variant, part.first(), part.length()));
    }
    pieces.add(memory("\r\n--" + boundary + "--\r\n"));
    add(headers, "Content-Type", "multipart/byteranges; boundary=" + boundary);
    return new FileAnswer(206, new Headers(headers), pieces);
  }

  private static FileAnswer.Piece memory(String text) {
    return new FileAnswer.Piece.Memory(text.getBytes(StandardCharsets.US_ASCII));
  }

  private Variant choose(Request request, Resource resource, boolean makes) throws IOException {
    var entry = resource.entry();
    var plain = new Variant(entry, "identity", Optional.empty(), tag(entry, ""));
    var accept = request.headers().joined("Accept-Encoding");
    var offers = new ArrayList<String>();
    resource.brotli().ifPresent(b -> offers.add("br"));
    if (makes || resource.gzip().isPresent()) {
      offers.add("gzip");
    }
    if (accept.isEmpty() || offers.isEmpty()) {
      return plain;
    }
    offers.add("identity");
    return switch (Accepts.parse(accept.get()).bestEncoding(offers).orElse("identity")) {
      case "br" -> beside(resource.brotli().orElseThrow(), "br");
      case "gzip" -> {
        if (resource.gzip().isPresent()) {
          yield beside(resource.gzip().get(), "gzip");
        }
        var made = compressed.of(entry, tree);
        yield made.length < entry.size()
            ? new Variant(entry, "gzip", Optional.of(made), tag(entry, "-gz"))
            : plain;
      }
      default -> plain;
    };
  }

  private Variant beside(Entry file, String coding) {
    return new Variant(file, coding, Optional.empty(), tag(file, "-" + coding));
  }

  /** Strong: changes whenever the file is written or replaced. */
  private static EntityTag tag(Entry entry, String ending) {
    return EntityTag.strong(
        Long.toHexString(entry.size())
            + "-"
            + Long.toHexString(entry.modified())
            + (entry.inode() == 0 ? "" : "-" + Long.toHexString(entry.inode()))
            + ending);
  }

  private FileAnswer.Piece piece(Variant variant, long from, long count) {
    var memory = variant.made().or(() -> tree.inMemory(variant.file()));
    return memory.isPresent() && from + count <= memory.get().length
        ? new FileAnswer.Piece.Memory(memory.get(), (int) from, (int) count)
        : new FileAnswer.Piece.Slice(variant.file(), from, count);
  }

  private static boolean preconditionFails(Request request, EntityTag tag, Entry entry) {
    var match = request.headers().joined("If-Match");
    if (match.isPresent()) {
      return !match.get().strip().equals("*")
          && EntityTag.parseList(match.get()).stream().noneMatch(tag::sameBytes);
    }
    return request
        .header("If-Unmodified-Since")
        .flatMap(HttpDate::parse)
        .filter(since -> modified(entry).isAfter(since))
        .isPresent();
  }

  private static boolean notModified(Request request, EntityTag tag, Entry entry) {
    var none = request.headers().joined("If-None-Match");
    if (none.isPresent()) {
      return none.get().strip().equals("*")
          || EntityTag.parseList(none.get()).stream().anyMatch(tag::sameMeaning);
    }
    return request
        .header("If-Modified-Since")
        .flatMap(HttpDate::parse)
        .filter(since -> !modified(entry).isAfter(since))
        .isPresent();
  }

  /** Section 13.1.5: a tag must be strong and equal, a date exactly the one that was sent. */
  private static boolean rangeApplies(Request request, EntityTag tag, Entry entry) {
    var condition = request.header("If-Range");
    if (condition.isEmpty()) {
      return true;
    }
    var value = condition.get().strip();
    return value.startsWith("\"") || value.startsWith("W/")
        ? EntityTag.parse(value).filter(tag::sameBytes).isPresent()
        : HttpDate.parse(value).filter(modified(entry)::equals).isPresent();
  }

  private static Instant modified(Entry entry) {
    return Instant.ofEpochSecond(Math.floorDiv(entry.modified(), 1_000_000_000L));
  }

  private static void add(List<Headers.Field> headers, String name, String value) {
    headers.add(new Headers.Field(name, value));
  }

  /** An error that may still get a header. */
  private record Draft(FileAnswer answer) {
    FileAnswer apply(java.util.function.UnaryOperator<Headers> change) {
      return new FileAnswer(answer.status(), change.apply(answer.headers()), answer.content());
    }
  }

  private static Draft error(Request request, int status, String detail) {
    var accept = Accepts.parse(request.headers().joined("Accept").orElse(""));
    return accept.typeWeight("text/html") > 0
        ? page(status, Pages.error(status, detail))
        : draft(
            status,
            "text/plain; charset=utf-8",
            status + " " + Pages.phrase(status) + ": " + detail + "\n");
  }

  private static Draft page(int status, String html) {
    return draft(status, "text/html; charset=utf-8", html);
  }

  private static Draft draft(int status, String type, String body) {
    return new Draft(
        new FileAnswer(
            status,
            Headers.of(
                "Content-Type",
                type,
                "X-Content-Type-Options",
                "nosniff",
                "Content-Security-Policy",
                Pages.POLICY),
            List.of(new FileAnswer.Piece.Memory(body.getBytes(StandardCharsets.UTF_8)))));
  }
}
