package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Procedures under random faults: answers in any order, commands that fail, are done without an answer, servers that die
 * and are started again, or freeze and go on, a backend that does not answer, nodes that vanish at any point and others that go on, people who ask it to stop. A seed
 * is a test.
 */
class RandomRunsTest {
    private static final int SEEDS = 1500;

    @ParameterizedTest
    @EnumSource(RandomRun.Kind.class)
    void everyRunEndsWithOneWriterAndNothingLeftBehind(RandomRun.Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRun world = new RandomRun(kind, seed);
            try {
                world.run(() -> false);
                world.check();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        kind + " seed " + seed + ": " + e.getMessage() + "\n" + String.join("\n", world.story()), e);
            }
        }
    }

    @Test
    void whoHeardOfASuccessorThatDiedHearsThatTheFormerPrimaryTakesWritesAgain() {
        RandomRun world = new RandomRun(RandomRun.Kind.SWITCHOVER, 0);
        world.run(() -> !world.published().isEmpty());
        world.servers().killForGood(key("r1"));
        world.vanish();
        world.run(() -> false);
        world.check();
        assertThat(world.published()).containsExactly(key("r1"), key("p"));
    }

    @Test
    void whoWasRestartedReadOnlySinceItsPromotionIsMadeWritableAgain() {
        for (RandomRun.Kind kind : List.of(RandomRun.Kind.DEAD_PRIMARY, RandomRun.Kind.SWITCHOVER)) {
            RandomRun world = new RandomRun(kind, 0);
            world.run(() -> !world.published().isEmpty());
            InstanceKey successor = world.published().get(0);
            world.servers().killForGood(successor);
            world.servers().startAgainSoon(successor);
            world.run(() -> false);
            assertThat(world.servers().writable()).as(kind.name()).contains(successor);
        }
    }

    /** Its supervisor starts it, writable by its file, while receivers that find no source hold up the repointing. */
    @Test
    void aPrimaryThatHandedOverAndIsStartedAgainIsDemotedLongBeforeItFollows() {
        RandomRun world = new RandomRun(RandomRun.Kind.SWITCHOVER, 0);
        world.run(() -> !world.published().isEmpty());
        world.servers().freezeFor(key("r1"), Duration.ofSeconds(4));
        world.servers().killForGood(key("p"));
        world.servers().startAgainSoon(key("p"));
        world.run(() -> world.servers().startedAgain().contains(key("p")));
        assertThat(world.servers().writable()).contains(key("p"));
        world.run(() -> !world.servers().writable().contains(key("p")));
        assertThat(world.state().memory().hasPassed("rejoin has begun")).isFalse();
        world.run(() -> false);
        assertThat(world.servers().fleet().instance(key("p")).flatMap(Instance::source))
                .contains(key("r1"));
    }

    /** Else the replicas that follow already would go back below the dead one. */
    @Test
    void whoGoesOnWithANamedSourceWritesUntilTheBackendAnswers() {
        RandomRun world = new RandomRun(RandomRun.Kind.DEAD_INTERMEDIATE, 0);
        world.run(() -> world.servers()
                .fleet()
                .instance(key("r3"))
                .flatMap(Instance::source)
                .equals(Optional.of(key("p"))));
        world.vanish();
        world.loseSaves(5);
        world.run(() -> false);
        assertThat(world.state().end()).isEqualTo(Effect.End.SUCCEEDED);
    }

    @Test
    void whoCannotBePromotedWaitsForNoAcknowledgementsAfterwards() {
        for (RandomRun.Kind kind : List.of(RandomRun.Kind.DEAD_PRIMARY, RandomRun.Kind.SWITCHOVER)) {
            RandomRun world = new RandomRun(kind, 0);
            world.refuse(step -> step.command().equals(new InstanceCommand.SetReadOnly(false))
                    && !step.instance().equals(key("p")));
            world.run(() -> false);
            assertThat(world.state().end()).isEqualTo(Effect.End.GIVEN_UP);
            assertThat(world.servers().fleet().members())
                    .filteredOn(m -> !m.key().equals(key("p")))
                    .noneMatch(m -> m.facts().orElseThrow().semiSync().sourceEnabled());
        }
    }

    @Test
    void whoGoesOnWithASuccessorThatIsWritableAlreadyFencesTheOneItReplaces() {
        RandomRun world = new RandomRun(RandomRun.Kind.DEAD_PRIMARY, 0);
        world.run(() -> !world.published().isEmpty());
        world.vanish();
        world.run(() -> false);
        assertThat(world.state().told())
                .filteredOn(Announcement.Fenced.class::isInstance)
                .extracting(t -> ((Announcement.Fenced) t).fence().instance())
                .contains(key("p"));
    }
}
