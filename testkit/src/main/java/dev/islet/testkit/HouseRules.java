package dev.islet.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.islet.core.trace.TraceEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The rules of the house, as tests; ARCHITECTURE.md tells why. Each service module has one line:
 *
 * <pre>{@code class DnsHouseTest extends HouseRules { DnsHouseTest() { super("dev.islet.dns"); } }}
 * </pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HouseRules {
  private static final List<String> SERVICES =
      List.of("dhcp", "dns", "ftp", "web", "voip", "router", "monitor");

  /** What only an edge may touch: files, sockets, and the stacks that own them. */
  private static final String[] HANDS = {
    "java.nio.channels..",
    "javax.net..",
    "com.sun.net..",
    "dev.islet.core.net.socket..",
    "io.netty..",
    "io.undertow..",
    "org.xnio..",
    "org.apache.mina..",
    "org.apache.ftpserver..",
    "javax.sip..",
    "gov.nist.."
  };

  private final String root;
  private final JavaClasses classes;

  protected HouseRules(String root) {
    this.root = root;
    this.classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(root);
  }

  @Test
  void something_was_read() {
    assertThat(classes).as("classes under " + root).hasSizeGreaterThan(5);
  }

  @Test
  void model_stands_alone() {
    check(
        noClasses()
            .that()
            .resideInAPackage(root + ".model..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("dev.islet..")
                    .and(
                        not(
                            resideInAnyPackage(
                                root + ".model..",
                                "dev.islet.core.trace..",
                                "dev.islet.core.net"))))
            .allowEmptyShould(true));
  }

  @Test
  void wire_knows_only_model() {
    check(
        noClasses()
            .that()
            .resideInAPackage(root + ".wire..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("dev.islet..")
                    .and(
                        not(
                            resideInAnyPackage(
                                root + ".wire..",
                                root + ".model..",
                                "dev.islet.core.net",
                                "dev.islet.core.trace"))))
            .allowEmptyShould(true));
  }

  @Test
  void only_edges_have_hands() {
    check(
        noClasses()
            .that(resideInAnyPackage(root + "..").and(not(resideInAnyPackage(edges()))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HANDS));
  }

  @Test
  void time_and_chance_are_handed_in() {
    var inner = resideInAnyPackage(root + "..").and(not(resideInAnyPackage(edges())));
    check(noClasses().that(inner).should().callMethod(System.class, "nanoTime"));
    check(noClasses().that(inner).should().callMethod(System.class, "currentTimeMillis"));
    check(noClasses().that(inner).should().callMethod(java.time.Instant.class, "now"));
    check(noClasses().that(inner).should().callMethod(Math.class, "random"));
    check(
        noClasses()
            .that(inner)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.Random.class, Thread.class));
  }

  @Test
  void edges_do_not_know_each_other() {
    for (var edge : List.of("transport", "store", "admin")) {
      var others =
          List.of("transport", "store", "admin").stream()
              .filter(o -> !o.equals(edge))
              .map(o -> root + "." + o + "..")
              .toArray(String[]::new);
      check(
          noClasses()
              .that()
              .resideInAPackage(root + "." + edge + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others)
              .allowEmptyShould(true));
    }
  }

  @Test
  void nobody_imports_the_front_door() {
    check(
        noClasses()
            .that()
            .resideInAPackage(root + ".*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(root));
  }

  @Test
  void packages_have_no_cycles() {
    check(slices().matching(root + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true));
  }

  @Test
  void no_service_imports_another() {
    var others =
        SERVICES.stream()
            .map(s -> "dev.islet." + s)
            .filter(p -> !p.equals(root))
            .map(p -> p + "..")
            .toArray(String[]::new);
    check(noClasses().that(alwaysTrue()).should().dependOnClassesThat().resideInAnyPackage(others));
  }

  @Test
  void names_say_what_a_thing_is() {
    check(
        classes()
            .should()
            .haveNameNotMatching(".*(Impl|Manager|Util|Utils|Helper)")
            .as("no Impl, Manager, Util or Helper"));
  }

  /** A line of the trace is one JSON object: what wraps an event, and then its components. */
  @Test
  void components_of_events_have_names_of_their_own() {
    check(
        noFields()
            .that()
            .areDeclaredInClassesThat(
                assignableTo(TraceEvent.class).and(assignableTo(Record.class)))
            .and()
            .areNotStatic()
            .should()
            .haveNameMatching("seq|at|service|event|note")
            .allowEmptyShould(true));
  }

  private String[] edges() {
    return new String[] {root, root + ".transport..", root + ".store..", root + ".admin.."};
  }

  private void check(ArchRule rule) {
    rule.check(classes);
  }
}
