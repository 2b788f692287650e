package dev.orchestrator.engine.internal.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.internal.core.leader.Told.News;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ToldTest {
    private static final OptionalLong NONE = OptionalLong.empty();
    private static final OptionalLong FIRST = OptionalLong.of(1);
    private static final OptionalLong SECOND = OptionalLong.of(2);

    @Test
    void tellsOfWhatChanged() {
        assertThat(Told.NOTHING.until(NONE)).isEmpty();
        assertThat(Told.NOTHING.until(FIRST)).containsExactly(new News(true, 1));
        assertThat(new Told(FIRST).until(FIRST)).isEmpty();
        assertThat(new Told(FIRST).until(NONE)).containsExactly(new News(false, 1));
    }

    @Test
    void anotherEpochIsALossAndAGain() {
        assertThat(new Told(FIRST).until(SECOND)).containsExactly(new News(false, 1), new News(true, 2));
    }
}
