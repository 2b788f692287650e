package dev.orchestrator.engine.internal.core.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final Backlog<String, Integer> rows = new Backlog<>(3);

    @Test
    void handsRowsOutInOrderAndKeepsThemUntilTheyAreWritten() {
        rows.put("a", 1);
        rows.put("b", 1);
        rows.put("c", 1);
        assertThat(rows.next(2)).containsExactly(Map.entry("a", 1), Map.entry("b", 1));
        assertThat(rows.size()).isEqualTo(3);
        rows.written(rows.next(2));
        assertThat(rows.next(2)).containsExactly(Map.entry("c", 1));
    }

    @Test
    void aNewerStateTakesThePlaceOfTheOneThatWaits() {
        rows.put("a", 1);
        rows.put("b", 1);
        rows.put("a", 2);
        assertThat(rows.next(3)).containsExactly(Map.entry("a", 2), Map.entry("b", 1));
    }

    @Test
    void whatBecameNewerWhileItWasWrittenIsWrittenAgain() {
        rows.put("a", 1);
        List<Map.Entry<String, Integer>> batch = rows.next(1);
        rows.put("a", 2);
        rows.written(batch);
        assertThat(rows.next(1)).containsExactly(Map.entry("a", 2));
    }

    @Test
    void dropsTheOldestBeyondItsBound() {
        rows.put("a", 1);
        rows.put("b", 1);
        rows.put("c", 1);
        rows.put("b", 2);
        assertThat(rows.dropped()).isZero();
        rows.put("d", 1);
        assertThat(rows.next(9)).extracting(Map.Entry::getKey).containsExactly("b", "c", "d");
        assertThat(rows.dropped()).isEqualTo(1);
    }
}
