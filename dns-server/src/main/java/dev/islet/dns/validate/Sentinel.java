package dev.islet.dns.validate;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.Security;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Tells whoever asks for a name made for it whether a key of the root is trusted here (RFC 8509).
 */
final class Sentinel {
  private static final Pattern LABEL = Pattern.compile("root-key-sentinel-(is|not)-ta-(\\d{5})");

  private Sentinel() {}

  /** What is said in place of an answer, if the question is such a one and the answer is secure. */
  static Optional<Answer> instead(Question question, Answer answer, TrustAnchors anchors) {
    boolean address = question.type() == Type.A || question.type() == Type.AAAA;
    if (!address
        || answer.rcode() != Rcode.NOERROR
        || answer.security() != Security.SECURE
        || question.name().labels() < 2) {
      return Optional.empty();
    }
    var bytes = question.name().getLabel(0);
    var label = new String(bytes, 1, bytes.length - 1, StandardCharsets.US_ASCII);
    var match = LABEL.matcher(label.toLowerCase(Locale.ROOT));
    if (!match.matches()) {
      return Optional.empty();
    }
    int tag = Integer.parseInt(match.group(2));
    boolean trusted =
        anchors.anchors().getOrDefault(Name.root, List.of()).stream()
            .anyMatch(d -> d.getFootprint() == tag);
    return trusted == match.group(1).equals("is")
        ? Optional.empty()
        : Optional.of(
            Answer.of(
                Rcode.SERVFAIL,
                ExtendedError.OTHER,
                "the root's key " + tag + (trusted ? " is" : " is not") + " trusted (RFC 8509)"));
  }
}
