package dev.islet.router;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.islet.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class RouterHouseTest extends HouseRules {
  RouterHouseTest() {
    super("dev.islet.router");
  }

  @Test
  void netlink_is_only_touched_in_transport() {
    var classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.islet.router");
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.islet.router.transport")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(".*\\.socket\\.Netlink.*")
        .check(classes);
  }

  @Test
  void the_codec_of_rip_knows_only_the_model() {
    var classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.islet.router");
    noClasses()
        .that()
        .resideInAPackage("dev.islet.router.rip.wire")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.islet.router.rip",
            "dev.islet.router.rip.neighbor",
            "dev.islet.router.rip.database",
            "dev.islet.router.rip.output",
            "dev.islet.router.rib",
            "dev.islet.router.iface",
            "dev.islet.router.hub")
        .check(classes);
  }
}
