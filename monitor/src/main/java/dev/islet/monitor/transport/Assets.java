package dev.islet.monitor.transport;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The files of the page, from the folder {@code dev/islet/monitor/page} of the class path. */
public final class Assets implements PageServer.Page {
  private static final String FOLDER = "/dev/islet/monitor/page/";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json; charset=utf-8",
          "webmanifest", "application/manifest+json");

  private final Map<String, Asset> known = new ConcurrentHashMap<>();

  private record Asset(byte[] content, String type, String tag) {}

  @Override
  public void serve(Request request) throws IOException {
    var path = request.path();
    var name = path.equals("/") ? "index.html" : path.substring(path.lastIndexOf('/') + 1);
    var asset = asset(name);
    if (asset == null) {
      request.error(404, "no such file");
      return;
    }
    request.header("Cache-Control", "no-cache");
    request.header("ETag", asset.tag());
    if (asset.tag().equals(request.header("If-None-Match"))) {
      request.send(304, asset.type(), new byte[0]);
      return;
    }
    request.send(200, asset.type(), asset.content());
  }

  private @Nullable Asset asset(String name) throws IOException {
    var found = known.get(name);
    if (found != null || !name.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}")) {
      return found;
    }
    var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      return null;
    }
    try (InputStream in = Assets.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return null;
      }
      var content = in.readAllBytes();
      var hash = MessageDigest.getInstance("SHA-256").digest(content);
      var asset =
          new Asset(content, type, "\"" + HexFormat.of().formatHex(hash).substring(0, 16) + "\"");
      known.put(name, asset);
      return asset;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
