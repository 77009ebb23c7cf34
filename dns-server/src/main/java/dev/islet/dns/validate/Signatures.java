package dev.islet.dns.validate;

import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.ResponseWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC.DNSSECException;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Checks the signatures of one set (RFC 4035 section 5.3). */
final class Signatures {
  private static final int MAX_SIGNATURES = 8;

  /** Keys of one zone that share algorithm and tag: chance makes two, malice many. */
  private static final int MAX_TWINS = 4;

  private Signatures() {}

  /**
   * Whether a zone has signed a set.
   *
   * @param keys of the zone, known to be true
   */
  static Check check(
      Signed signed, Name zone, List<DNSKEYRecord> keys, Moment moment, Budget budget) {
    var set = signed.set();
    var worst =
        signed.signatures().isEmpty()
            ? bad(ExtendedError.RRSIGS_MISSING, set, "has no signature")
            : bad(ExtendedError.BOGUS, set, "has no signature of " + zone);
    int tried = 0;
    for (var sig : signed.signatures()) {
      if (!sig.getSigner().equals(zone) || sig.getLabels() > labels(set.name())) {
        continue;
      }
      if (++tried > MAX_SIGNATURES) {
        break;
      }
      if (moment.trusted() && left(sig, moment.wall()) < 0) {
        worst = bad(ExtendedError.SIGNATURE_EXPIRED, set, "expired " + sig.getExpire());
        continue;
      }
      if (moment.trusted() && age(sig, moment.wall()) < 0) {
        worst = bad(ExtendedError.SIGNATURE_NOT_YET_VALID, set, "is of " + sig.getTimeSigned());
        continue;
      }
      if (!Algorithms.supports(sig.getAlgorithm())) {
        worst = bad(ExtendedError.UNSUPPORTED_ALGORITHM, set, "algorithm " + sig.getAlgorithm());
        continue;
      }
      byte[] data = null;
      int twins = 0;
      for (var key : keys) {
        if (key.getAlgorithm() != sig.getAlgorithm()
            || key.getFootprint() != sig.getFootprint()
            || ++twins > MAX_TWINS) {
          continue;
        }
        if (!budget.signature()) {
          return bad(ExtendedError.OTHER, set, "costs too much to check");
        }
        data = data == null ? data(set, sig) : data;
        if (verify(data, sig, key)) {
          return new Check.Good(sig);
        }
        budget.failure();
        worst = bad(ExtendedError.BOGUS, set, "has a wrong signature by key " + key.getFootprint());
      }
      if (twins == 0) {
        worst = bad(ExtendedError.DNSKEY_MISSING, set, "no key " + sig.getFootprint());
      }
    }
    return worst;
  }

  private static Check.Bad bad(int code, RrSet set, String what) {
    return new Check.Bad(code, set.name() + " " + Type.string(set.type()) + ": " + what);
  }

  /** Seconds until it expires, in serial arithmetic (RFC 4034 section 3.1.5). */
  static int left(RRSIGRecord sig, long wall) {
    return (int) sig.getExpire().getEpochSecond() - (int) wall;
  }

  /** Seconds since its inception, in serial arithmetic. */
  static int age(RRSIGRecord sig, long wall) {
    return (int) wall - (int) sig.getTimeSigned().getEpochSecond();
  }

  /** As the Labels field counts: without the root and without a leading asterisk. */
  static int labels(Name name) {
    return name.labels() - 1 - (name.isWild() ? 1 : 0);
  }

  /** What is signed (RFC 4034 section 3.1.8.1). */
  private static byte[] data(RrSet set, RRSIGRecord sig) {
    var out = new ByteArrayOutputStream(512);
    var head = sig.rdataToWireCanonical();
    out.write(head, 0, head.length - sig.getSignature().length);
    int more = set.name().labels() - 1 - sig.getLabels();
    var owner = (more > 0 ? set.name().wild(more) : set.name()).toWireCanonical();
    var fixed = ByteBuffer.allocate(8);
    fixed.putShort((short) set.type()).putShort((short) 1).putInt((int) sig.getOrigTTL());
    set.records().stream()
        .map(Signatures::canonical)
        .sorted(Arrays::compareUnsigned)
        .forEachOrdered(
            data -> {
              out.writeBytes(owner);
              out.writeBytes(fixed.array());
              out.write(data.length >> 8);
              out.write(data.length);
              out.writeBytes(data);
            });
    return out.toByteArray();
  }

  /** Names in the data of old types are in lower case (RFC 4034 section 6.2, 6840 section 5.1). */
  private static byte[] canonical(Record record) {
    return switch (record.getType()) {
      case Type.NS,
          Type.MD,
          Type.MF,
          Type.CNAME,
          Type.SOA,
          Type.MB,
          Type.MG,
          Type.MR,
          Type.PTR,
          Type.MINFO,
          Type.MX,
          Type.RP,
          Type.AFSDB,
          Type.RT,
          Type.SIG,
          Type.PX,
          Type.NXT,
          Type.NAPTR,
          Type.KX,
          Type.SRV,
          Type.DNAME,
          Type.A6 ->
          record.rdataToWireCanonical();
      default -> ResponseWriter.data(record);
    };
  }

  private static boolean verify(byte[] data, RRSIGRecord sig, DNSKEYRecord key) {
    try {
      var signature = Signature.getInstance(Algorithms.signature(sig.getAlgorithm()));
      signature.initVerify(key.getPublicKey());
      signature.update(data);
      return signature.verify(sig.getSignature());
    } catch (GeneralSecurityException | DNSSECException | RuntimeException e) {
      // keys and signatures are a stranger's bytes; the libraries throw what they like on bad ones
      return false;
    }
  }
}
