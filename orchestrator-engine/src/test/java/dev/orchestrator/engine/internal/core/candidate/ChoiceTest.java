package dev.orchestrator.engine.internal.core.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoiceTest {
    /** The record of a recovery prints them: the same recovery is to be told in the same words by every process. */
    @Test
    void whoCannotFollowIsNamedInOrder() {
        Map<InstanceKey, String> older = new TreeMap<>();
        IntStream.range(0, 30).forEach(i -> older.put(new InstanceKey("db" + i * i, 3306), "is older"));
        GtidSet nothing = GtidSet.empty();

        Choice choice =
                new Choice(null, null, false, nothing, nothing, List.of(), List.of(), Map.of(), older, "nobody");

        assertThat(choice.cannotFollow().keySet()).containsExactlyElementsOf(older.keySet());
    }
}
