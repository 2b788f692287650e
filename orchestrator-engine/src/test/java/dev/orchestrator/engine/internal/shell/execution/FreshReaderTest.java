package dev.orchestrator.engine.internal.shell.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.fake.SettableTime;
import dev.orchestrator.engine.fleet.FleetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FreshReaderTest {
    private static final InstanceKey DB1 = FleetBuilder.key("db1");
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final SettableTime time = new SettableTime();

    /** Reads a server whose member says that its last poll was begun at some moment, whatever is asked for. */
    private FleetMember read(Supplier<Instant> stamp) {
        FreshReader.Reading reading = new FreshReader(
                        (keys, deadline) -> {
                            time.advance(Duration.ofMillis(10));
                            return begunAt(stamp.get());
                        },
                        time,
                        time)
                .read(DB1, PATIENCE);
        return reading.member();
    }

    private static Fleet begunAt(Instant stamp) {
        // servers are read a second before the present that they are built for
        return new FleetBuilder(stamp.plusSeconds(1)).primary("db1").build();
    }

    @Test
    void takesAReadingThatBeganAfterItWasAskedFor() {
        assertThat(read(() -> time.instant().minusMillis(5)).isReachable()).isTrue();
    }

    @Test
    void takesNoReadingThatBeganBefore() {
        Instant before = time.instant().minusMillis(1);
        assertThat(read(() -> before).isReachable()).isFalse();
    }

    @Test
    void takesNoStoredReadingThatSaysItWillBegin() {
        Instant toCome = time.instant().plusSeconds(60);
        assertThat(read(() -> toCome).isReachable()).isFalse();
    }
}
