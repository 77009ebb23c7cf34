package dev.islet.voip.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.registrar.Digest;
import dev.islet.voip.registrar.Digest.Algorithm;
import dev.islet.voip.wire.Grammar;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A phone in a test: says what it is told to, and keeps what it hears. */
final class Phone {
  final List<SipMessage> inbox = new ArrayList<>();
  final String number;
  final InetSocketAddress address;
  String password;
  String agent = "";
  private final ExchangeBench bench;
  private int serial;
  private long cseq;
  private String callId = "";
  private Map<String, String> challenge = Map.of();
  private int nonceCount;

  Phone(ExchangeBench bench, String number, InetSocketAddress address) {
    this.bench = bench;
    this.number = number;
    this.address = address;
    this.password = "pw" + number;
  }

  String contact() {
    return "sip:" + number + "@192.168.7.20:" + address.getPort();
  }

  static String sdp(int port, String direction) {
    return """
        v=0
        o=- 1 1 IN IP4 192.168.7.20
        s=-
        c=IN IP4 192.168.7.20
        t=0 0
        m=audio %d RTP/AVP 0
        a=%s
        """
        .formatted(port, direction);
  }

  void send(String text) {
    bench.receive(text, address);
  }

  String via() {
    return "Via: SIP/2.0/UDP 192.168.7.20:"
        + address.getPort()
        + ";branch=z9hG4bK"
        + number
        + "x"
        + address.getPort()
        + "x"
        + ++serial
        + "\n";
  }

  private String agentLine() {
    return agent.isEmpty() ? "" : "User-Agent: " + agent + "\n";
  }

  /** REGISTER without credentials. */
  void register(String contacts) {
    callId = "reg-" + number + address.getPort();
    send(
        "REGISTER sip:home.arpa SIP/2.0\n"
            + via()
            + "From: <sip:"
            + number
            + "@home.arpa>;tag=r\nTo: <sip:"
            + number
            + "@home.arpa>\nCall-ID: "
            + callId
            + "\nCSeq: "
            + ++cseq
            + " REGISTER\n"
            + contacts
            + authorization("REGISTER", "sip:home.arpa", "Authorization")
            + agentLine()
            + "\n");
  }

  /** REGISTER with its contact, answering a challenge. */
  void register() {
    registerAs("Contact: <" + contact() + ">;expires=600\n");
  }

  void registerAs(String contacts) {
    register(contacts);
    if (lastStatus() == 401) {
      takeChallenge("WWW-Authenticate");
      register(contacts);
    }
  }

  void takeChallenge(String header) {
    challenge = Grammar.digest(lastResponse().headers().values(header).getFirst()).orElseThrow();
    nonceCount = 0;
  }

  void forgetChallenge() {
    challenge = Map.of();
  }

  private String authorization(String method, String uri, String header) {
    return challenge.isEmpty() ? "" : credentials(method, uri, header, ++nonceCount);
  }

  String credentials(String method, String uri, String header, int count) {
    var algorithm = challenge.get("algorithm").equals("MD5") ? Algorithm.MD5 : Algorithm.SHA_256;
    var ha1 = Digest.ha1(algorithm, number, "home.arpa", password);
    var nc = "%08x".formatted(count);
    var nonce = challenge.get("nonce");
    return header
        + ": Digest username=\""
        + number
        + "\", realm=\"home.arpa\", nonce=\""
        + nonce
        + "\", uri=\""
        + uri
        + "\", response=\""
        + Digest.response(algorithm, ha1, nonce, nc, "cn", method, uri)
        + "\", algorithm="
        + algorithm.token()
        + ", cnonce=\"cn\", qop=auth, nc="
        + nc
        + "\n";
  }

  /** INVITE, also a second time when challenged; the Call-ID of the call. */
  String invite(String to, String body) {
    return inviteUri("sip:" + to + "@home.arpa", body);
  }

  String inviteUri(String uri, String body) {
    var id = "call-" + number + "-" + ++serial;
    challenge = Map.of();
    sendInvite(uri, id, 1, body);
    if (lastStatus() == 407) {
      ackFailure(uri, id, 1);
      takeChallenge("Proxy-Authenticate");
      sendInvite(uri, id, 2, body);
      challenge = Map.of();
    }
    return id;
  }

  private String lastVia = "";

  private void sendInvite(String uri, String id, int number, String body) {
    lastVia = via();
    send(
        "INVITE "
            + uri
            + " SIP/2.0\n"
            + lastVia
            + from(id)
            + "To: <"
            + uri
            + ">\nCall-ID: "
            + id
            + "\nCSeq: "
            + number
            + " INVITE\nContact: <"
            + contact()
            + ">\nMax-Forwards: 70\n"
            + authorization("INVITE", uri, "Proxy-Authorization")
            + withBody(body));
  }

  private String from(String id) {
    return "From: <sip:" + number + "@home.arpa>;tag=f" + id + "\n";
  }

  private static String withBody(String body) {
    return body.isEmpty()
        ? "\n"
        : "Content-Type: application/sdp\nContent-Length: "
            + body.replace("\n", "\r\n").length()
            + "\n\n"
            + body;
  }

  /** ACK or CANCEL of the last INVITE, by its branch. */
  void sibling(String method, String uri, String id, int number, String to) {
    send(
        method
            + " "
            + uri
            + " SIP/2.0\n"
            + lastVia
            + from(id)
            + "To: "
            + to
            + "\nCall-ID: "
            + id
            + "\nCSeq: "
            + number
            + " "
            + method
            + "\nMax-Forwards: 70\n\n");
  }

  private void ackFailure(String uri, String id, int number) {
    sibling("ACK", uri, id, number, lastResponse().headers().first("To").orElseThrow());
  }

  /** A request in the dialog that a response of the server has made with us as caller. */
  void asCaller(String method, SipResponse by, long seq, String body) {
    inDialog(
        method,
        target(by),
        by.headers().first("From").orElseThrow(),
        by.headers().first("To").orElseThrow(),
        by.vitals().callId(),
        seq,
        body);
  }

  /** A request in the dialog that an INVITE of the server has made with us as callee. */
  void asCallee(String method, SipRequest invite, long seq, String body) {
    inDialog(
        method,
        target(invite),
        invite.headers().first("To").orElseThrow() + ";tag=t" + number + address.getPort(),
        invite.headers().first("From").orElseThrow(),
        invite.vitals().callId(),
        seq,
        body);
  }

  private static String target(SipMessage message) {
    return Grammar.nameAddress(message.headers().first("Contact").orElseThrow())
        .orElseThrow()
        .uri();
  }

  private void inDialog(
      String method, String uri, String from, String to, String id, long seq, String body) {
    send(
        method
            + " "
            + uri
            + " SIP/2.0\n"
            + via()
            + "From: "
            + from
            + "\nTo: "
            + to
            + "\nCall-ID: "
            + id
            + "\nCSeq: "
            + seq
            + " "
            + method
            + "\nContact: <"
            + contact()
            + ">\nMax-Forwards: 70\n"
            + withBody(body));
  }

  /** Answers a request of the server. */
  void answer(SipRequest request, int status, String body) {
    var to = request.headers().first("To").orElseThrow();
    var tag = to.contains("tag=") ? "" : ";tag=t" + number + address.getPort();
    send(
        "SIP/2.0 "
            + status
            + " Told\nVia: "
            + request.headers().first("Via").orElseThrow()
            + "\nFrom: "
            + request.headers().first("From").orElseThrow()
            + "\nTo: "
            + to
            + tag
            + "\nCall-ID: "
            + request.vitals().callId()
            + "\nCSeq: "
            + request.vitals().cseq()
            + "\nContact: <"
            + contact()
            + ">\n"
            + withBody(body));
  }

  SipResponse lastResponse() {
    return inbox.stream()
        .filter(SipResponse.class::isInstance)
        .map(SipResponse.class::cast)
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  int lastStatus() {
    return lastResponse().status();
  }

  /** The last request of that method. */
  SipRequest request(String method) {
    var all = requests(method);
    assertThat(all).as(method + " at " + number).isNotEmpty();
    return all.getLast();
  }

  List<SipRequest> requests(String method) {
    return inbox.stream()
        .filter(SipRequest.class::isInstance)
        .map(SipRequest.class::cast)
        .filter(r -> r.method().equals(method))
        .toList();
  }

  /** Statuses heard in answer to a method. */
  List<Integer> statuses(String method) {
    return inbox.stream()
        .filter(SipResponse.class::isInstance)
        .map(SipResponse.class::cast)
        .filter(r -> r.vitals().cseq().method().equals(method))
        .map(SipResponse::status)
        .toList();
  }
}
