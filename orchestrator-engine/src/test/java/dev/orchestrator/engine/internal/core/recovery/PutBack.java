package dev.orchestrator.engine.internal.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import java.time.Duration;

/** What has to be as it was once a procedure was given up, and what is no excuse. */
final class PutBack {
    private static final String NAMED = "not restored: ";
    private static final Duration DEMOTED = Duration.ofSeconds(50);
    private static final Duration OTHERS = Duration.ofMillis(3000);

    private final Fleet begin;
    private final UnsteadyServers servers;
    private final RandomRun.Kind kind;

    PutBack(Fleet begin, UnsteadyServers servers, RandomRun.Kind kind) {
        this.begin = begin;
        this.servers = servers;
        this.kind = kind;
    }

    /** One that is left as it is because it is silent has been so for a while: what answers again soon is seen to. */
    void checkExcuse(Fact fact) {
        if (!(fact instanceof Fact.Passed passed) || !passed.problem().contains("does not answer: as it was")) {
            return;
        }
        for (FleetMember member : servers.fleet().members()) {
            if (isNamed(passed.problem(), member.key())) {
                boolean demoted = kind == RandomRun.Kind.SWITCHOVER
                        && servers.isFrozen(member.key())
                        && begin.instance(member.key()).orElseThrow().isWritable();
                assertThat(servers.awayFor(member.key()))
                        .as(member.key() + " was silent for so long when it was left as it is")
                        .isGreaterThan(demoted ? DEMOTED : OTHERS);
            }
        }
    }

    static boolean isNamed(String error, InstanceKey key) {
        return error.contains(NAMED + key + " ") || error.contains(NAMED + key + ", ");
    }

    void check(FleetMember member) {
        Instance before = begin.instance(member.key()).orElseThrow();
        boolean reachable =
                member.isReachable() && begin.member(member.key()).orElseThrow().isReachable();
        if (!reachable) {
            return;
        }
        Instance now = member.facts().orElseThrow();
        assertThat(now.readOnly()).as(member.key() + " read-only").isEqualTo(before.readOnly());
        assertThat(now.source()).as(member.key() + " source").isEqualTo(before.source());
        assertThat(now.semiSync().sourceEnabled())
                .as(member.key() + " semi-sync source")
                .isEqualTo(before.semiSync().sourceEnabled());
        if (!servers.startedAgain().contains(member.key())) {
            now.mainChannel()
                    .ifPresent(c ->
                            checkThreads(member.key(), c, before.mainChannel().orElseThrow()));
        }
    }

    /** What ran runs, a receiver that stood still does so; one that was started again is as its file says. */
    private static void checkThreads(InstanceKey key, ReplicationChannel now, ReplicationChannel before) {
        assertThat(now.receiver() == ReplicationThreadState.STOPPED)
                .as(key + " receiver stands still")
                .isEqualTo(before.receiver() == ReplicationThreadState.STOPPED);
        // One that was started to drain what had been received is left running.
        if (before.applier() == ReplicationThreadState.RUNNING) {
            assertThat(now.applier()).as(key + " applier").isEqualTo(ReplicationThreadState.RUNNING);
        }
    }
}
