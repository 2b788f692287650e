package dev.orchestrator.engine.internal.core.fencing;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.fencing.Task.Stage;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * One fence under random faults: answers late, lost or refused, a server that comes, goes, returns by another key and becomes writable again, a
 * successor that is silent, a backend that is away, a fence lifted here or elsewhere, a right that comes and goes, an
 * engine that closes. A seed is a test.
 */
class RandomFencesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SEEDS = 1500;
    private static final String SERVER = "6c1d4f10-0000-0000-0000-000000000001";

    @Test
    void whoMustNotBeWrittenIsReadOnlyInTheEndAndNobodyElseIsTouched() {
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed);
            try {
                world.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ": " + e.getMessage() + "\n" + String.join("\n", world.story), e);
            }
        }
    }

    /** The former primary, who took over, a backend with one fence, and the node that carries it out. */
    private static final class World {
        private final Random random;
        private final List<String> story = new ArrayList<>();
        private final List<Pending> pending = new ArrayList<>();
        private final Fence order = new Fence(
                MemberBuilder.uuid("old"),
                key("old"),
                FleetBuilder.CLUSTER,
                key("new"),
                "uid",
                FenceState.PENDING,
                "",
                START);
        private FenceState stored = FenceState.PENDING;
        private boolean faults = true;
        private boolean alive;
        private boolean moved;
        private boolean writable = true;
        private boolean successorAnswers = true;
        private boolean leads = true;
        private boolean closed;
        private boolean mayEnforce;
        private boolean liftAsked;
        private boolean madeHere;
        private long nanos = 1;
        private Enforcement state = Enforcement.begin(order, Duration.ofSeconds(5), now());

        private record Pending(long due, Function<Moment, FenceEvent> end) {}

        World(long seed) {
            random = new Random(seed);
        }

        private Moment now() {
            return new Moment(START.plusNanos(nanos), nanos);
        }

        private boolean chance(int oneIn) {
            return faults && random.nextInt(oneIn) == 0;
        }

        private void tell(FenceEvent event) {
            story.add(nanos / 1_000_000 + " ms: " + event.getClass().getSimpleName());
            state = state.fold(event);
        }

        private void stop() {
            mayEnforce = false;
        }

        void run() {
            if (random.nextBoolean()) {
                order();
            }
            until(Duration.ofSeconds(30));
            faults = false;
            if (!closed) {
                leads = true;
            }
            alive = true;
            moved |= random.nextBoolean();
            successorAnswers = random.nextBoolean();
            until(Duration.ofSeconds(60));
            check();
        }

        private void order() {
            tell(new FenceEvent.Ordered(order, now()));
            mayEnforce = true;
        }

        private void until(Duration later) {
            long end = nanos + later.toNanos();
            long tick = nanos;
            while (nanos < end) {
                if (nanos >= tick) {
                    tick = nanos + Duration.ofSeconds(1).toNanos();
                    tick();
                }
                happen();
                turn(Math.min(tick, end));
            }
        }

        private void tick() {
            if (!leads) {
                return;
            }
            if (stored == FenceState.LIFTED) {
                tell(new FenceEvent.Standing(List.of(), now()));
                stop();
            } else {
                boolean lifting = state.task().stage().isTakingBack();
                tell(new FenceEvent.Seen(new FenceView(standing(), fleet(), null), now()));
                mayEnforce = !closed && !lifting;
            }
        }

        private Fence standing() {
            return order.with(stored, "");
        }

        /** Faults and people. */
        private void happen() {
            if (chance(40)) {
                alive = !alive;
                moved = alive ? random.nextBoolean() : moved;
                writable |= alive;
            }
            if (chance(60) && alive) {
                writable = true;
            }
            if (chance(40)) {
                successorAnswers = !successorAnswers;
            }
            if (chance(60)) {
                leads = !leads;
            }
            if (chance(400)) {
                stored = FenceState.LIFTED;
            }
            if (chance(400)) {
                liftAsked = true;
                tell(new FenceEvent.LiftAsked("given up", now()));
                stop();
            }
            if (chance(400)) {
                tell(new FenceEvent.Released(now()));
                madeHere = false;
                stop();
            }
            if (chance(800)) {
                closed = true;
                tell(new FenceEvent.Closed(now()));
                stop();
            }
        }

        private void turn(long wake) {
            List<FenceEffect> wanted = state.next();
            if (wanted.isEmpty()
                    && state.task().stage() != Stage.IDLE
                    && state.underWay().isEmpty()) {
                throw new IllegalStateException("stuck in " + state.task().stage());
            }
            long until = wake;
            boolean begun = false;
            for (FenceEffect effect : wanted) {
                if (effect instanceof FenceEffect.Wake w) {
                    until = Math.min(until, nanos + w.in().toNanos());
                } else {
                    begun = true;
                    state = state.fold(new FenceEvent.Begun(effect, now()));
                    carryOut(effect);
                }
            }
            if (!begun) {
                await(until);
            }
        }

        private void await(long wake) {
            Pending next = null;
            for (Pending p : pending) {
                next = next == null || p.due() < next.due() ? p : next;
            }
            if (next == null || next.due() > wake) {
                nanos = Math.max(nanos + 1, wake);
                state = state.fold(new FenceEvent.Woke(now()));
                return;
            }
            pending.remove(next);
            nanos = Math.max(nanos + 1, next.due());
            tell(next.end().apply(now()));
        }

        private void later(Function<Moment, FenceEvent> end) {
            long millis = chance(4) ? random.nextInt(3000) : 1 + random.nextInt(20);
            pending.add(new Pending(nanos + Duration.ofMillis(millis).toNanos(), end));
        }

        private void carryOut(FenceEffect effect) {
            if (effect instanceof FenceEffect.Send send) {
                send(send);
            } else if (effect instanceof FenceEffect.Read read) {
                Fleet fleet = fleet();
                later(at -> chance(10)
                        ? new FenceEvent.Failed(read, "lost", at)
                        : new FenceEvent.Read(read, fleet, key("new"), at));
            } else if (effect instanceof FenceEffect.Check check) {
                List<Fence> fences = stored == FenceState.LIFTED ? List.of() : List.of(standing());
                later(at -> chance(10)
                        ? new FenceEvent.Failed(check, "away", at)
                        : new FenceEvent.Checked(check, fences, at));
            } else if (effect instanceof FenceEffect.Save save) {
                save(save);
            } else if (effect instanceof FenceEffect.End end) {
                later(at -> new FenceEvent.EndTried(end, Optional.empty(), at));
            }
        }

        private void send(FenceEffect.Send send) {
            assertThat(state.underWay().stream().filter(FenceEffect.Send.class::isInstance))
                    .as("one command after the other")
                    .hasSize(1);
            boolean undoes = send.command().equals(new InstanceCommand.SetReadOnly(false));
            boolean fences = send.command().equals(new InstanceCommand.SetReadOnly(true));
            if (undoes) {
                assertThat(liftAsked && madeHere)
                        .as("undone only what was done here")
                        .isTrue();
            } else {
                assertThat(mayEnforce)
                        .as("nothing is sent after the fence was lifted, or the right lost")
                        .isTrue();
            }
            if (!leads) {
                tell(new FenceEvent.RightLost("somebody else leads", now()));
                stop();
                later(at -> new FenceEvent.Sent(send, StepResult.failed("not sent"), at));
                return;
            }
            boolean done = alive
                    && new FencedServers(order, fleet())
                            .receivers(send.command())
                            .contains(key(moved ? "back" : "old"))
                    && !chance(6);
            boolean heard = done && !chance(6);
            if (done && (fences || undoes)) {
                writable = undoes;
            }
            story.add("  " + send.command().describe() + ": done " + done + ", heard " + heard);
            StepResult result = heard
                    ? StepResult.DONE
                    : chance(3) && alive && !done ? StepResult.failed("refused") : StepResult.unknown("no answer");
            later(at -> {
                madeHere = (heard && fences) || (madeHere && !(heard && undoes));
                return new FenceEvent.Sent(send, result, at);
            });
        }

        private void save(FenceEffect.Save save) {
            if (!leads) {
                tell(new FenceEvent.RightLost("somebody else leads", now()));
                stop();
                later(at -> new FenceEvent.Failed(save, "not written", at));
                return;
            }
            boolean reached = !chance(10);
            boolean heard = !chance(10);
            boolean written = reached && stored != FenceState.LIFTED;
            if (written) {
                stored = save.state();
            }
            later(at -> reached && heard
                    ? new FenceEvent.Saved(save, written, at)
                    : new FenceEvent.Failed(save, "no answer", at));
        }

        private Fleet fleet() {
            FleetBuilder fleet = new FleetBuilder(START.plusNanos(nanos))
                    .primary("new")
                    .primary("old")
                    .with(m -> m.executed(SERVER + ":1-100"), "old", "new");
            if (moved) {
                fleet.primary("back")
                        .with(m -> m.executed(SERVER + ":1-100").facts(f -> f.serverUuid(order.serverUuid())), "back");
            }
            String server = moved ? "back" : "old";
            if (!writable) {
                fleet.with(m -> m.facts(f -> f.readOnly(true)), server);
            }
            if (!alive) {
                fleet.with(m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(1)), server);
            }
            if (moved) {
                fleet.with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofMinutes(1)), "old");
            }
            if (!successorAnswers) {
                fleet.with(m -> m.fails(ProbeFailure.Kind.TIMEOUT, Duration.ofSeconds(1)), "new");
            }
            return fleet.build();
        }

        private void check() {
            assertThat(state.isIdle() || !successorAnswers)
                    .as("only for who took over it is still waited")
                    .isTrue();
            if (closed || stored == FenceState.LIFTED) {
                return;
            }
            assertThat(writable).as("the former primary is writable").isFalse();
            assertThat(stored)
                    .isIn(successorAnswers ? List.of(FenceState.CLEAN) : List.of(FenceState.FENCED, FenceState.CLEAN));
        }
    }
}
