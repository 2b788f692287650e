package dev.orchestrator.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.orchestrator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    private static final String API = "dev.orchestrator.api..";
    private static final String SPI = "dev.orchestrator.spi..";
    private static final String ENGINE = "dev.orchestrator.engine..";
    private static final String JOOQ = "dev.orchestrator.jooq..";
    private static final String STANDALONE = "dev.orchestrator.standalone..";
    private static final String SERVLET = "dev.orchestrator.servlet..";
    private static final String CLI = "dev.orchestrator.cli..";
    private static final String TESTKIT = "dev.orchestrator.testkit..";
    private static final String EXAMPLES = "dev.orchestrator.examples..";
    private static final String SPRING_EXAMPLE = "dev.orchestrator.examples.spring..";
    private static final String CORE = "dev.orchestrator.engine.internal.core..";
    private static final String SHELL = "dev.orchestrator.engine.internal.shell..";
    private static final String SIMULATION = "dev.orchestrator.simulation..";
    private static final String MYSQL = "dev.orchestrator.engine.internal.mysql..";

    @ArchTest
    static final ArchRule apiKnowsNobody = noClasses()
            .that()
            .resideInAnyPackage(API, SPI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ENGINE,
                    JOOQ,
                    STANDALONE,
                    SERVLET,
                    CLI,
                    TESTKIT,
                    "org.jooq..",
                    "com.google..",
                    "jakarta..",
                    "java.sql..");

    @ArchTest
    static final ArchRule theSimulationSeesDecisionsAndNoEffects = noClasses()
            .that()
            .resideInAPackage(SIMULATION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SHELL, MYSQL, JOOQ, STANDALONE, SERVLET, CLI, TESTKIT, "java.sql..");

    @ArchTest
    static final ArchRule nobodyNeedsTheSimulation = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATION)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SIMULATION);

    @ArchTest
    static final ArchRule whoUsesTheFacadeNeedsNoPort = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SPI);

    @ArchTest
    static final ArchRule adaptersUseTheFacadeOnly = noClasses()
            .that()
            .resideInAnyPackage(SERVLET, CLI)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SPI);

    @ArchTest
    static final ArchRule engineKnowsOnlyTheApi = noClasses()
            .that()
            .resideInAPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JOOQ, STANDALONE, SERVLET, CLI, TESTKIT, "org.jooq..", "jakarta..");

    @ArchTest
    static final ArchRule backendKnowsOnlyTheApi = noClasses()
            .that()
            .resideInAPackage(JOOQ)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE, STANDALONE, SERVLET, CLI, TESTKIT, "jakarta..");

    @ArchTest
    static final ArchRule standaloneKnowsNoAdapter = noClasses()
            .that()
            .resideInAPackage(STANDALONE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVLET, CLI, TESTKIT, "jakarta..");

    @ArchTest
    static final ArchRule theServletKnowsNoCommandLine = noClasses()
            .that()
            .resideInAPackage(SERVLET)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CLI, TESTKIT);

    @ArchTest
    static final ArchRule theTestkitKnowsOnlyTheApi = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE, JOOQ, STANDALONE, SERVLET, CLI);

    @ArchTest
    static final ArchRule coreIsPure = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..", "java.util.concurrent..", "java.io..", "java.net..", "org.slf4j..", SHELL, MYSQL);

    @ArchTest
    static final ArchRule sqlOfServersDecidesNothing = noClasses()
            .that()
            .resideInAPackage(MYSQL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CORE);

    @ArchTest
    static final ArchRule sqlStaysInItsTwoRooms = noClasses()
            .that()
            .resideInAPackage("dev.orchestrator..")
            .and()
            .resideOutsideOfPackages(MYSQL, JOOQ, TESTKIT, "dev.orchestrator.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..");

    @ArchTest
    static final ArchRule internalsOfTheEngineStayInside = noClasses()
            .that()
            .resideOutsideOfPackages(ENGINE, SIMULATION)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.orchestrator.engine.internal..");

    @ArchTest
    static final ArchRule internalsOfTheBackendStayInside = noClasses()
            .that()
            .resideOutsideOfPackage(JOOQ)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.orchestrator.jooq.internal..");

    @ArchTest
    static final ArchRule internalsOfTheStandaloneStayInside = noClasses()
            .that()
            .resideOutsideOfPackage(STANDALONE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.orchestrator.standalone.internal..");

    @ArchTest
    static final ArchRule internalsOfTheServletStayInside = noClasses()
            .that()
            .resideOutsideOfPackage(SERVLET)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.orchestrator.servlet.internal..");

    @ArchTest
    static final ArchRule internalsOfTheTestkitStayInside = noClasses()
            .that()
            .resideOutsideOfPackage(TESTKIT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.orchestrator.testkit.internal..");

    @ArchTest
    static final ArchRule httpTypesStayInTheAdapter = noClasses()
            .that()
            .resideOutsideOfPackages(SERVLET, CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.servlet..", "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule onlyItsExampleKnowsSpring = noClasses()
            .that()
            .resideOutsideOfPackage(SPRING_EXAMPLE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..");

    @ArchTest
    static final ArchRule nobodyNeedsTheExamples = noClasses()
            .that()
            .resideOutsideOfPackage(EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EXAMPLES);

    @ArchTest
    static final ArchRule programsToCopyNeedNoConfigurationFile = noClasses()
            .that()
            .resideInAPackage(EXAMPLES)
            .and()
            .resideOutsideOfPackage(SPRING_EXAMPLE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STANDALONE, SERVLET, CLI, TESTKIT);
}
