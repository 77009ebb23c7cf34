package dev.islet.voip;

import dev.islet.core.service.SharedSecret;
import dev.islet.voip.VoipConfig.Extension;
import dev.islet.voip.registrar.Account;
import dev.islet.voip.registrar.Digest;
import dev.islet.voip.registrar.Digest.Algorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Turns what the configuration says of extensions into accounts; makes passwords where none are.
 */
final class Secrets {
  private Secrets() {}

  static Map<String, Account> accounts(VoipConfig config, Path data) throws IOException {
    var accounts = new HashMap<String, Account>();
    for (var extension : config.extensions()) {
      accounts.put(
          extension.number(),
          new Account(
              extension.number(), extension.name().orElse(""), hashes(config, extension, data)));
    }
    return accounts;
  }

  private static Map<Algorithm, String> hashes(VoipConfig config, Extension extension, Path data)
      throws IOException {
    var hashes = new EnumMap<Algorithm, String>(Algorithm.class);
    if (extension.ha1().isPresent()) {
      for (var algorithm : config.auth().algorithms()) {
        extension
            .ha1()
            .get()
            .of(algorithm)
            .ifPresent(h -> hashes.put(algorithm, h.toLowerCase(Locale.ROOT)));
      }
      return hashes;
    }
    var password =
        extension.password().isPresent()
            ? extension.password().get()
            : SharedSecret.of(data.resolve(extension.number() + ".password"));
    // As the phone sends it: bytes of UTF-8, each a character here.
    var text = new String(password.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    for (var algorithm : config.auth().algorithms()) {
      hashes.put(algorithm, Digest.ha1(algorithm, extension.number(), config.domain(), text));
    }
    return hashes;
  }

  static byte[] nonceKey(Path data) throws IOException {
    return SharedSecret.of(data.resolve("nonce.key")).getBytes(StandardCharsets.US_ASCII);
  }
}
