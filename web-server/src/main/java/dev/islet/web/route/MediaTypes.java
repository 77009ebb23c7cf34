package dev.islet.web.route;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Media types by the ending of a name; text comes with its charset. */
final class MediaTypes {
  private static final Map<String, String> BY_ENDING =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("htm", "text/html; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("log", "text/plain; charset=utf-8"),
          Map.entry("md", "text/markdown; charset=utf-8"),
          Map.entry("csv", "text/csv; charset=utf-8"),
          Map.entry("xml", "application/xml"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("yaml", "application/yaml"),
          Map.entry("yml", "application/yaml"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("avif", "image/avif"),
          Map.entry("ico", "image/vnd.microsoft.icon"),
          Map.entry("bmp", "image/bmp"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("ttf", "font/ttf"),
          Map.entry("otf", "font/otf"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("zip", "application/zip"),
          Map.entry("gz", "application/gzip"),
          Map.entry("tar", "application/x-tar"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("opus", "audio/ogg"),
          Map.entry("wav", "audio/wav"),
          Map.entry("flac", "audio/flac"),
          Map.entry("m4a", "audio/mp4"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("webm", "video/webm"),
          Map.entry("mpd", "application/dash+xml"),
          Map.entry("m3u8", "application/vnd.apple.mpegurl"),
          Map.entry("ics", "text/calendar; charset=utf-8"),
          Map.entry("vcf", "text/vcard; charset=utf-8"),
          Map.entry("mobileconfig", "application/x-apple-aspen-config"),
          Map.entry("pem", "application/x-pem-file"),
          Map.entry("crt", "application/x-x509-ca-cert"));

  private static final Set<String> PLAIN =
      Set.of(
          "application/xml",
          "application/json",
          "application/yaml",
          "application/manifest+json",
          "application/dash+xml",
          "application/wasm",
          "image/svg+xml",
          "image/vnd.microsoft.icon",
          "image/bmp",
          "font/ttf",
          "font/otf");

  private MediaTypes() {}

  static String of(String name) {
    int dot = name.lastIndexOf('.');
    return BY_ENDING.getOrDefault(
        dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT),
        "application/octet-stream");
  }

  /** Whether content of the type grows smaller when compressed. */
  static boolean compresses(String type) {
    return type.startsWith("text/") || PLAIN.contains(type);
  }
}
