package dev.orchestrator.standalone.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.LeaderElection;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.engine.Elections;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.JooqBackendOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of one host that share an SQLite file. */
class ElectionOnRealBackendTest {
    private static final Duration TTL = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

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
                    await().pollDelay(TTL.plusMillis(300)).until(() -> rests.standing() == Standing.NOT_LEADING);
                }
            }
        }
    }

    @Test
    void anotherNodeLeadsAfterTheLeaderWasKilled() throws Exception {
        try (JooqBackend own = backend();
                ChildJvm victim = child("victim")) {
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
                ChildJvm stopped = child("stopped")) {
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

    private ChildJvm child(String node) throws IOException {
        return ChildJvm.start(ElectionProcess.class, file().toString(), node, Long.toString(TTL.toMillis()));
    }

    private Path file() {
        return folder.resolve("backend.db");
    }

    private JooqBackend backend() {
        return JooqBackend.sqlite(file(), JooqBackendOptions.forService());
    }

    private static LeaderElection join(JooqBackend backend, String node) {
        return Elections.join(backend, "leader", node, TTL, TTL.dividedBy(4));
    }

    private static void awaitLeading(LeaderElection election, Duration limit) {
        await().atMost(limit).pollInterval(Duration.ofMillis(10)).until(() -> election.standing() == Standing.LEADING);
    }
}
