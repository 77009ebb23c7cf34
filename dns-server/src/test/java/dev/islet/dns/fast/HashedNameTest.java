package dev.islet.dns.fast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.store.MasterFile;
import dev.islet.dns.zone.Node;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The hashes of RFC 5155 appendix A: salted, and hashed a dozen times over. */
class HashedNameTest {
  @ParameterizedTest
  @CsvSource({
    "example.,0p9mhaveqvm6t7vbl5lop2u3t2rp3tom",
    "a.example.,35mthgpgcu1qg68fab165klnsnk3dpvl",
    "*.w.example.,r53bq7cc2uvmubfu5ocmm6pers9tk9en",
    "xx.example.,t644ebqk9bibcna874givr6joj62mlhv"
  })
  void is_what_the_rfc_says(String text, String hash) throws Exception {
    var origin = Name.fromConstantString("example.");
    var lines = List.of("@ 1 SOA ns host 1 2 3 4 5", "@ 1 NS ns", "@ 1 NSEC3PARAM 1 0 12 aabbccdd");
    var apex = MasterFile.lines(lines, origin, "test").apex();
    var hashed = new HashedName();
    hashed.under(apex, Node.set(apex, Type.NSEC3PARAM));
    var name = Name.fromConstantString(text).toWire();
    int length = hashed.of(name, 0, name.length);
    assertThat(new String(hashed.owner(), 1, 32, StandardCharsets.US_ASCII)).isEqualTo(hash);
    assertThat(length).isEqualTo(33 + origin.toWire().length);
  }
}
