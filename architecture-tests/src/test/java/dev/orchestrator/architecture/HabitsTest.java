package dev.orchestrator.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** What no line of the libraries may do. */
@AnalyzeClasses(packages = "dev.orchestrator", importOptions = ImportOption.DoNotIncludeTests.class)
class HabitsTest {
    private static final String[] LIBRARIES = {
        "dev.orchestrator.api..", "dev.orchestrator.spi..", "dev.orchestrator.engine..", "dev.orchestrator.jooq.."
    };

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .that()
            .resideInAnyPackage(LIBRARIES)
            .and()
            .doNotHaveFullyQualifiedName("dev.orchestrator.spi.Ticker")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .because("time comes from the InstantSource and the Ticker that the host may replace");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .that()
            .resideInAnyPackage(LIBRARIES)
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("a wait must end when its condition holds, or when it is closed");

    @ArchTest
    static final ArchRule threadsAreMadeInOnePlace = noClasses()
            .that()
            .resideInAPackage("dev.orchestrator.engine..")
            .and()
            .haveSimpleNameNotStartingWith("NamedExecutors")
            .should()
            .callConstructor(Thread.class, Runnable.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class, String.class)
            .because("threads have names, are daemons, and are closed by who asked for them");

    @ArchTest
    static final ArchRule librariesDoNotPrint = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.orchestrator.api..",
                    "dev.orchestrator.spi..",
                    "dev.orchestrator.engine..",
                    "dev.orchestrator.jooq..",
                    "dev.orchestrator.standalone..",
                    "dev.orchestrator.servlet..")
            .and(areNotPrograms())
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("only programs print: what is started by its main method, such as the WAR when it runs by itself");

    private static DescribedPredicate<JavaClass> areNotPrograms() {
        return new DescribedPredicate<>("are not started by a main method") {
            @Override
            public boolean test(JavaClass type) {
                return type.tryGetMethod("main", String[].class)
                        .filter(m -> m.getModifiers().contains(JavaModifier.STATIC))
                        .isEmpty();
            }
        };
    }
}
