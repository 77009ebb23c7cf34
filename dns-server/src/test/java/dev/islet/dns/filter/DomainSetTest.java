package dev.islet.dns.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class DomainSetTest {
  private static final int MILLION = 1_000_000;
  private static final String[] TOPS = {"com", "net", "org", "de", "co.uk", "io", "info", "xyz"};

  /** A name such as lists have them: two to five labels, about 19 characters on average. */
  private static String name(Random random) {
    var text = new StringBuilder();
    for (int more = random.nextInt(3); more >= 0; more--) {
      for (int i = 3 + random.nextInt(10); i > 0; i--) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      text.append('.');
    }
    return text.append(TOPS[random.nextInt(TOPS.length)]).toString();
  }

  private static Set<String> names(int count, Random random) {
    var names = new HashSet<String>(2 * count);
    while (names.size() < count) {
      names.add(name(random));
    }
    return names;
  }

  @Test
  void a_million_names_are_found_exactly_and_cost_what_is_said() throws IOException {
    var random = new Random(1);
    var names = names(MILLION, random);
    var builder = new SetBuilder();
    var text = new DomainText();
    long characters = 0;
    for (var name : names) {
      assertThat(text.take(name)).isTrue();
      builder.add(text.wire, DomainSet.SELF, Verb.BLOCK, "");
      characters += name.length();
    }
    var set = Lists.build(builder);
    assertThat(set.entries()).isEqualTo(MILLION);

    // The table is all that a look-up touches for names in no list; the rest are the names.
    assertThat(set.tableSize()).isLessThanOrEqualTo(6L * MILLION + 64);
    assertThat(set.size()).isLessThan(characters + 10L * MILLION);

    var key = new NameKey();
    int missed = 0;
    for (var name : names) {
      text.take(name);
      missed += set.find(key.fill(text.wire, 0), 0, -1) < 0 ? 1 : 0;
    }
    assertThat(missed).isZero();
    int wrong = 0;
    for (int i = 0; i < MILLION; i++) {
      var other = name(random);
      text.take(other);
      wrong += (set.find(key.fill(text.wire, 0), 0, -1) >= 0) != names.contains(other) ? 1 : 0;
    }
    assertThat(wrong).isZero();
  }

  @Test
  void looking_up_allocates_nothing() {
    var random = new Random(2);
    var builder = new SetBuilder();
    var text = new DomainText();
    for (var name : names(10_000, random)) {
      text.take(name);
      builder.add(text.wire, DomainSet.SELF | DomainSet.BELOW, Verb.BLOCK, "");
    }
    var set = Lists.build(builder);
    var messages = new ByteBuffer[1_000];
    for (int i = 0; i < messages.length; i++) {
      var wire = Name.fromConstantString(name(random) + ".").toWire();
      messages[i] = ByteBuffer.allocateDirect(12 + wire.length);
      messages[i].put(12, wire);
    }
    var key = new NameKey();
    look(set, key, messages);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int found = 0;
    for (int i = 0; i < 100; i++) {
      found += look(set, key, messages);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(found).isNotNegative();
    // 100,000 names with all that they lie below; the JVM itself may take a little once.
    assertThat(allocated).isLessThan(16_384);
  }

  private static int look(DomainSet set, NameKey key, ByteBuffer[] messages) {
    int found = 0;
    for (var message : messages) {
      key.fill(message, 12);
      for (int label = 0; label < key.labels(); label++) {
        found += set.find(key, label, -1) >= 0 ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void a_compiled_list_that_is_not_whole_is_refused() throws IOException {
    var builder = new SetBuilder();
    builder.add(Name.fromConstantString("a.example.").toWire(), 3, Verb.BLOCK, "");
    var out = new ByteArrayOutputStream();
    builder.write(out, 7, 8);
    var good = out.toByteArray();
    assertThat(DomainSet.of(ByteBuffer.wrap(good)).entries()).isEqualTo(1);
    assertThat(DomainSet.stamped(ByteBuffer.wrap(good), 7, 8)).isTrue();
    assertThat(DomainSet.stamped(ByteBuffer.wrap(good), 7, 9)).isFalse();
    for (int i = 0; i < good.length; i++) {
      var cut = ByteBuffer.wrap(good, 0, i).slice();
      assertThatThrownBy(() -> DomainSet.of(cut)).isInstanceOf(IllegalArgumentException.class);
      var bad = good.clone();
      bad[i] ^= 0x10;
      assertThatThrownBy(() -> DomainSet.of(ByteBuffer.wrap(bad)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
