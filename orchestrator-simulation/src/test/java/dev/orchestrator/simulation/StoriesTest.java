package dev.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.simulation.node.Engine;
import dev.orchestrator.simulation.plan.SchedulePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stories that are kept, in {@code src/test/stories}: what they show, what goes wrong, and what then happens.
 * {@code -Dorchestrator.stories=rewrite} writes what happens now; the difference is read in review.
 */
class StoriesTest {
    private static final Path STORIES = Path.of(System.getProperty("basedir", "."), "src", "test", "stories");
    private static final boolean REWRITE = "rewrite".equals(System.getProperty("orchestrator.stories"));

    @ParameterizedTest
    @MethodSource("stories")
    void happensAsItIsTold(Path file) throws IOException {
        List<String> kept = Files.readAllLines(STORIES.resolve(file));
        List<String> now = new ArrayList<>(
                kept.stream().takeWhile(line -> line.startsWith("#")).toList());
        assertThat(now).as("what " + file + " shows: a line that begins with #").isNotEmpty();
        Outcome outcome = Outcome.of(SchedulePlan.parse(kept), Engine.DELIVERED);
        now.addAll(outcome.text());
        if (REWRITE) {
            Files.write(STORIES.resolve(file), now);
        } else {
            assertThat(String.join("\n", now))
                    .as(file + " has another course: when it is a good one, -Dorchestrator.stories=rewrite keeps it")
                    .isEqualTo(String.join("\n", kept));
        }
        assertThat(outcome.isGood()).as(outcome.end()).isTrue();
    }

    static List<Path> stories() throws IOException {
        try (Stream<Path> files = Files.list(STORIES)) {
            return files.map(Path::getFileName).sorted().toList();
        }
    }
}
