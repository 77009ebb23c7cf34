package dev.islet.voip.wire;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Header names in their usual spelling, and the one-letter forms (RFC 3261 §7.3.3). */
final class HeaderNames {
  private static final Map<String, String> KNOWN = new HashMap<>();

  static {
    for (var name :
        ("Accept Accept-Encoding Accept-Language Alert-Info Allow Allow-Events "
                + "Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition "
                + "Content-Encoding Content-Language Content-Length Content-Type CSeq Date "
                + "Error-Info Event Expires From In-Reply-To Max-Forwards MIME-Version "
                + "Min-Expires Organization Path Priority Proxy-Authenticate "
                + "Proxy-Authorization Proxy-Require RAck Reason Record-Route Refer-To "
                + "Referred-By Replaces Reply-To Require Retry-After Route RSeq Server "
                + "Session-Expires Subject Supported Timestamp To Unsupported User-Agent Via "
                + "Warning WWW-Authenticate")
            .split(" ")) {
      KNOWN.put(name.toLowerCase(Locale.ROOT), name);
    }
    var compact =
        "i Call-ID m Contact e Content-Encoding l Content-Length c Content-Type f From s Subject "
            + "k Supported t To v Via o Event r Refer-To b Referred-By u Allow-Events "
            + "x Session-Expires";
    var pairs = compact.split(" ");
    for (int n = 0; n < pairs.length; n += 2) {
      KNOWN.put(pairs[n], pairs[n + 1]);
    }
  }

  private HeaderNames() {}

  /** The long form in its usual spelling; unknown names stay as written. */
  static String usual(String written) {
    var exact = KNOWN.get(written);
    if (exact != null) {
      return exact;
    }
    return KNOWN.getOrDefault(written.toLowerCase(Locale.ROOT), written);
  }
}
