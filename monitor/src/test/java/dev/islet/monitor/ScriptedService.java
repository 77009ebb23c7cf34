package dev.islet.monitor;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** An admin endpoint that says what a test tells it to, or nothing at all. */
public final class ScriptedService implements AutoCloseable {
  private final HttpServer server;
  private final java.util.concurrent.ExecutorService threads =
      Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, String> silent = new ConcurrentHashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);

  public ScriptedService(String name) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    says(
        "/health",
        "{\"service\":\""
            + name
            + "\",\"state\":\"RUNNING\",\"endpoints\":[\"x/udp 127.0.0.1:1\",\"admin/http 127.0.0.1:2\"]}");
    says("/ready", "{\"service\":\"" + name + "\",\"ready\":true}");
    says("/metrics", "# EOF\n");
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          var path = exchange.getRequestURI().getPath();
          if (silent.containsKey(path)) {
            try {
              end.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          var text = answers.getOrDefault(path, "");
          int status = text.contains("\"ready\":false") ? 503 : text.isEmpty() ? 404 : 200;
          var body = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  public ScriptedService says(String path, String text) {
    answers.put(path, text);
    return this;
  }

  public void fallsSilent(String path) {
    silent.put(path, path);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String address() {
    return "127.0.0.1:" + port();
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
