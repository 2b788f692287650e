package dev.orchestrator.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mutant can still be made; {@code bench/mutants} says who finds it. */
class MutantsTest {
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    @ParameterizedTest
    @MethodSource("mutants")
    void canBeMade(Mutant mutant) throws IOException {
        String source = Files.readString(
                Sources.core(MODULE.resolveSibling("orchestrator-engine")).resolve(mutant.file()));
        assertThat(mutant.in(source)).isNotEqualTo(source);
    }

    static List<Mutant> mutants() throws IOException {
        return Mutant.allIn(Sources.mutants(MODULE));
    }

    @Test
    void whatIsBrokenIntoOtherLinesIsFoundAllTheSame() {
        Mutant mutant = mutant("a.equals(b) && c");
        assertThat(mutant.in("if (a\n    .equals(b)\n    && c) {")).isEqualTo("if (c) {");
    }

    @Test
    void whatDoesNotStandThereOnceIsAnError() {
        Mutant mutant = mutant("a");
        assertThatThrownBy(() -> mutant.in("b")).hasMessageContaining("seen nowhere");
        assertThatThrownBy(() -> mutant.in("a + a")).hasMessageContaining("more than once");
    }

    private static Mutant mutant(String is) {
        return Mutant.parse("m", List.of("# It breaks.", "in X.java", "- " + is, "+ c", "found by schedules"));
    }
}
