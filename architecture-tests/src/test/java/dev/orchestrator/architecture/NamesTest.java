package dev.orchestrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A name means one thing. */
@AnalyzeClasses(packages = "dev.orchestrator", importOptions = ImportOption.DoNotIncludeTests.class)
class NamesTest {
    private static final DescribedPredicate<JavaClass> NAMED = DescribedPredicate.describe(
            "that we have named",
            c -> c.isTopLevelClass()
                    && !c.getSimpleName().equals("package-info")
                    // Written by jOOQ after the tables of the schema.
                    && !c.getPackageName().contains(".jooq.internal.schema"));

    @ArchTest
    static void noSimpleNameStandsTwice(JavaClasses classes) {
        Map<String, List<String>> byName = classes.that(NAMED).stream()
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, Collectors.mapping(JavaClass::getName, Collectors.toList())));
        byName.values().removeIf(same -> same.size() < 2);

        assertThat(byName).as("simple names of several types").isEmpty();
    }
}
