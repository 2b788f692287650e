package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.engine.Elections;
import dev.orchestrator.jooq.JooqBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Processes that share a backend and elect a leader, whatever the backend. */
abstract class ElectionContract {
    private static final Duration TTL = Duration.ofSeconds(1);

    /** A backend that no other test knows. */
    abstract ElectionPlace place();

    @SuppressWarnings("NullAway.Init")
    private ElectionPlace known;

    @BeforeEach
    void choosePlace() {
        known = place();
    }

    @Test
    void anotherNodeLeadsSoonAfterTheLeaderResigned() {
        try (JooqBackend one = backend();
                JooqBackend two = backend();
                LeaderElection first = join(one, "a")) {
            awaitLeading(first, Duration.ofSeconds(5));
            try (LeaderElection second = join(two, "b")) {
                LeaderElection leader = first;
                LeaderElection other = second;
                for (int i = 0; i < 4; i++) {
                    long resigned = System.nanoTime();
                    leader.resign();
                    awaitLeading(other, Duration.ofSeconds(2));
                    assertThat(Duration.ofNanos(System.nanoTime() - resigned)).isLessThan(Duration.ofMillis(700));
                    LeaderElection former = leader;
                    leader = other;
                    other = former;
                    // Who resigned does not stand for one lease time; the next resignation comes after that.
                    LeaderElection rests = other;
                    await().during(TTL.plusMillis(300)).until(() -> rests.standing() == Standing.NOT_LEADING);
                }
            }
        }
    }

    @Test
    void aLeaderThatIsClosedGivesTheLeaseUpWithinHalfASecond() {
        try (JooqBackend one = backend();
                LeaderElection closing = join(one, "a");
                JooqBackend two = backend();
                LeaderElection other = join(two, "b")) {
            awaitEither(closing, other);
            LeaderElection leader = closing.standing() == Standing.LEADING ? closing : other;
            LeaderElection heir = leader == closing ? other : closing;
            long asked = System.nanoTime();
            leader.close();
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThanOrEqualTo(Duration.ofMillis(500));
            assertThat(leader.standing()).isEqualTo(Standing.NOT_LEADING);
            awaitLeading(heir, Duration.ofSeconds(2));
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(TTL);
        }
    }

    @Test
    void anotherNodeLeadsAfterTheLeaderWasKilled() throws Exception {
        try (JooqBackend own = backend();
                EngineJvm victim = child("victim")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> victim.lastSaid().equals("LEADING 1"));
            try (LeaderElection election = join(own, "heir")) {
                victim.signal("KILL");
                long killed = System.nanoTime();
                awaitLeading(election, Duration.ofSeconds(5));
                assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(TTL.plusSeconds(1));
                assertThat(election.epoch()).hasValue(2);
            }
        }
    }

    @Test
    void aLeaderThatWasStoppedDoesNotBelieveItLeadsWhenItGoesOn() throws Exception {
        try (JooqBackend own = backend();
                EngineJvm stopped = child("stopped")) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> stopped.lastSaid().equals("LEADING 1"));
            try (LeaderElection election = join(own, "heir")) {
                stopped.signal("STOP");
                awaitLeading(election, Duration.ofSeconds(5));
                int before = stopped.said().size();
                stopped.signal("CONT");
                await().until(() -> stopped.said().size() > before + 20);
                // The line it was writing when it was stopped may be the first one after.
                for (int i = before + 1; i < stopped.said().size(); i++) {
                    assertThat(stopped.said().get(i)).doesNotStartWith("LEADING");
                }
                assertThat(election.standing()).isEqualTo(Standing.LEADING);
            }
        }
    }

    private EngineJvm child(String node) throws IOException {
        List<String> words = new ArrayList<>(List.of(node, Long.toString(TTL.toMillis())));
        words.addAll(known.words());
        return EngineJvm.start(ElectionProcess.class, words.toArray(String[]::new));
    }

    private JooqBackend backend() {
        return known.open();
    }

    private static LeaderElection join(JooqBackend backend, String node) {
        return Elections.join(backend, "leader", node, TTL, TTL.dividedBy(4));
    }

    private static void awaitEither(LeaderElection one, LeaderElection two) {
        await().atMost(Duration.ofSeconds(5))
                .until(() -> one.standing() == Standing.LEADING || two.standing() == Standing.LEADING);
    }

    private static void awaitLeading(LeaderElection election, Duration limit) {
        await().atMost(limit).pollInterval(Duration.ofMillis(10)).until(() -> election.standing() == Standing.LEADING);
    }
}
