package dev.orchestrator.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages are rooms: each can be read without those above it, and none is a hall. */
@AnalyzeClasses(packages = "dev.orchestrator", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    private static final int MOST_FILES = 20;

    /** Those that are still to be split. A package that no longer needs its line makes the test fail until it goes. */
    private static final Set<String> TO_BE_SPLIT = Set.of(
            "dev.orchestrator.engine.internal.core.discovery",
            "dev.orchestrator.engine.internal.core.phase",
            "dev.orchestrator.engine.internal.core.procedure",
            "dev.orchestrator.engine.internal.mysql",
            "dev.orchestrator.engine.internal.shell.recovery",
            "dev.orchestrator.simulation",
            "dev.orchestrator.simulation.node");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(new PackageByItself()).should().beFreeOfCycles();

    @Test
    void noPackageHasMoreThanTwentyFiles() throws IOException {
        Map<String, Long> overfull = new TreeMap<>(filesOfPackages());
        overfull.values().removeIf(files -> files <= MOST_FILES);
        assertThat(overfull.keySet())
                .as("packages of more than %d files: %s", MOST_FILES, overfull)
                .containsExactlyInAnyOrderElementsOf(TO_BE_SPLIT);
    }

    /** What is written by hand, without {@code package-info.java}. */
    private static Map<String, Long> filesOfPackages() throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path sources : modules.map(m -> m.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                files.putAll(filesBelow(sources));
            }
        }
        return files;
    }

    private static Map<String, Long> filesBelow(Path sources) throws IOException {
        try (Stream<Path> all = Files.walk(sources)) {
            return all.filter(f -> f.toString().endsWith(".java"))
                    .map(sources::relativize)
                    .filter(f -> !f.endsWith("package-info.java") && !f.endsWith("module-info.java"))
                    .map(f -> String.valueOf(f.getParent()).replace('/', '.'))
                    .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        }
    }

    /** Every package is a slice; what jOOQ generates of the schema refers to itself as it likes. */
    private static final class PackageByItself implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            return name.startsWith("dev.orchestrator.jooq.internal.schema")
                    ? SliceIdentifier.ignore()
                    : SliceIdentifier.of(name);
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
