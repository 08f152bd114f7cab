package hydrocell.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code storage-node → anna-client}; {@code executor, kernel, resolver → cell → anna-client};
 * install sees everything; nothing else sees anything else.
 */
class DependencyDirectionsTest {
  private static final String ANNA = "hydrocell.anna..";
  private static final String[] CELL = {"hydrocell.cell..", "hydrocell.api.."};
  private static final String STORAGE = "hydrocell.storage..";
  private static final String EXECUTOR = "hydrocell.executor..";
  private static final String RESOLVER = "hydrocell.resolver..";
  private static final String KERNEL = "hydrocell.kernel..";
  private static final String INSTALL = "hydrocell.install..";

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("hydrocell");
    // A rule over no classes holds always: each module must be there.
    for (String module :
        new String[] {ANNA, CELL[0], CELL[1], STORAGE, EXECUTOR, RESOLVER, KERNEL, INSTALL}) {
      assertTrue(
          classes.stream().anyMatch(resideInAnyPackage(module)::test), "no classes in " + module);
    }
  }

  private static void mustNotSee(String[] from, String... to) {
    noClasses()
        .that()
        .resideInAnyPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .check(classes);
  }

  @Test
  void theClientOfAnnaSeesNothingElse() {
    mustNotSee(
        new String[] {ANNA},
        CELL[0],
        CELL[1],
        STORAGE,
        EXECUTOR,
        RESOLVER,
        KERNEL,
        INSTALL,
        "io.netty..");
  }

  @Test
  void theStoreSeesOnlyTheClient() {
    mustNotSee(new String[] {STORAGE}, CELL[0], CELL[1], EXECUTOR, RESOLVER, KERNEL, INSTALL);
  }

  @Test
  void whatKernelAndExecutorAgreeOnSeesOnlyTheClient() {
    mustNotSee(CELL, STORAGE, EXECUTOR, RESOLVER, KERNEL, INSTALL);
  }

  @Test
  void kernelAndExecutorDoNotSeeEachOtherNorTheStore() {
    mustNotSee(new String[] {KERNEL}, STORAGE, EXECUTOR, RESOLVER, INSTALL);
    mustNotSee(new String[] {EXECUTOR}, STORAGE, KERNEL, RESOLVER, INSTALL);
    mustNotSee(new String[] {RESOLVER}, STORAGE, KERNEL, EXECUTOR, INSTALL);
  }

  @Test
  void theKernelCompilesNothingAndHoldsNoValues() {
    mustNotSee(
        new String[] {KERNEL},
        "io.netty..",
        "com.esotericsoftware..",
        "javax.tools..",
        "com.sun.source..",
        "jdk.jshell..",
        "java.lang.classfile..");
  }

  @Test
  void theProtocolKnowsNoSockets() {
    mustNotSee(
        new String[] {"hydrocell.kernel.protocol.."},
        "org.zeromq..",
        "java.net..",
        "java.nio.channels..",
        "hydrocell.kernel.channel..");
  }

  @Test
  void onlyChannelsAndSetUpTouchJupyterSockets() {
    noClasses()
        .that(
            resideInAnyPackage("hydrocell..")
                .and(not(resideInAnyPackage("hydrocell.kernel..", INSTALL))))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.zeromq.."))
        .check(classes);
  }

  @Test
  void everyPackageIsNamedForWhatItHolds() {
    for (JavaClass type : classes) {
      assertTrue(
          !type.getPackageName().matches(".*\\.(util|utils|common|impl|misc)(\\..*)?"),
          type.getFullName());
    }
  }
}
