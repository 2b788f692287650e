package dev.orchestrator.engine.internal.core.recovery;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/** One run of a procedure: servers, a backend with one record, and the node that has the right at present. */
final class RandomRun {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ChannelSettings SETTINGS =
            new ChannelSettings(Optional.of(new Credentials("repl", "secret")), ChannelOptions.PLAIN);
    private static final int MOST_TURNS = 20_000;

    enum Kind {
        DEAD_PRIMARY(AnalysisCode.DEAD_PRIMARY, RecoveryType.DEAD_PRIMARY, "p"),
        DEAD_INTERMEDIATE(AnalysisCode.DEAD_INTERMEDIATE_SOURCE, RecoveryType.DEAD_INTERMEDIATE_SOURCE, "r2"),
        SWITCHOVER(AnalysisCode.NO_PROBLEM, RecoveryType.SWITCHOVER, "p");

        private final AnalysisCode analysis;
        private final RecoveryType type;
        final String about;

        Kind(AnalysisCode analysis, RecoveryType type, String about) {
            this.analysis = analysis;
            this.type = type;
            this.about = about;
        }

        Procedure procedure() {
            return switch (this) {
                case DEAD_PRIMARY -> Procedures.deadPrimary();
                case DEAD_INTERMEDIATE -> Procedures.deadIntermediateSource();
                case SWITCHOVER -> Procedures.switchover(SETTINGS, true);
            };
        }
    }

    private final Kind kind;
    private final Random random;
    private final List<String> story = new ArrayList<>();
    private final UnsteadyServers servers;
    private final Fleet begin;
    private final PutBack putBack;
    private final boolean faults;
    private final List<Pending> pending = new ArrayList<>();
    private RecoveryRecord stored;
    private final Map<String, Fence> fences = new HashMap<>();
    private long nanos = 1;
    private State state;
    private Procedure procedure;
    private int vanishings;
    private int lostSaves;
    private Predicate<PlanStep> refused = step -> false;
    private final List<InstanceKey> published = new ArrayList<>();

    private record Pending(long due, Function<Moment, Event> ends) {}

    RandomRun(Kind kind, long seed) {
        this.kind = kind;
        this.procedure = kind.procedure();
        this.random = new Random(seed);
        this.faults = seed % 10 != 0;
        this.begin = new RandomFleet(kind, random, faults).at(START);
        this.servers = new UnsteadyServers(begin, key("p"), START, random, story::add);
        this.putBack = new PutBack(begin, servers, kind);
        if (kind != Kind.SWITCHOVER && chance(3)) {
            servers.startAgainSoon(key(kind.about));
        }
        Terms terms = RecoveryScope.of(
                begin,
                key(kind.about),
                Map.of(),
                Map.of(),
                kind == Kind.SWITCHOVER ? key("r1") : null,
                true,
                OrchestratorConfig.builder().build());
        this.stored = RecoveryRecord.builder(
                        "uid",
                        FleetBuilder.CLUSTER,
                        kind.analysis,
                        key(kind.about),
                        new Actor("test", Origin.AUTOMATIC, "n"),
                        START)
                .type(kind.type)
                .failedUuid(MemberBuilder.uuid(kind.about))
                .replicas(terms.replicas())
                .before(terms.before().servers())
                .build();
        this.state = State.begin(terms, begin, stored, now());
    }

    /** What happened, for people. */
    List<String> story() {
        return story;
    }

    UnsteadyServers servers() {
        return servers;
    }

    /** The backend does not answer so many times. */
    void loseSaves(int next) {
        lostSaves = next;
    }

    /** A server refuses what it is told, whenever it is told so. */
    void refuse(Predicate<PlanStep> which) {
        refused = which;
    }

    State state() {
        return state;
    }

    /** Who listeners were told to be the primary, by whichever node, in order. */
    List<InstanceKey> published() {
        return published;
    }

    private Moment now() {
        return new Moment(START.plusNanos(nanos), nanos);
    }

    private boolean chance(int oneIn) {
        return faults && random.nextInt(oneIn) == 0;
    }

    void run(BooleanSupplier enough) {
        for (int turn = 0; turn < MOST_TURNS && state.end() == null && !enough.getAsBoolean(); turn++) {
            if (chance(150) && vanishings < 2) {
                vanish();
            }
            if (chance(250)) {
                servers.strike();
            }
            if (chance(200)) {
                story.add("stop asked");
                state = state.fold(new Event.StopAsked("an operator wants it to stop", now()));
            }
            List<Effect> wanted = Effect.decisionFirst(procedure.next(state));
            if (wanted.isEmpty() && !state.isAwaiting()) {
                throw new IllegalStateException("stuck in phase " + procedure.phase(state));
            }
            CarryingOut carrying = new CarryingOut();
            wanted.forEach(effect -> effect.match(carrying));
            if (!carrying.folded) {
                await(carrying.wake);
            }
            checkWriters();
        }
        assertThat(state.end() != null || enough.getAsBoolean())
                .as("ends; in phase " + procedure.phase(state))
                .isTrue();
    }

    /** The node dies; what is on its way to servers may still be done; another goes on from the record. */
    void vanish() {
        vanishings++;
        story.add("the node vanishes; record: successor " + stored.successor());
        List<Pending> late = new ArrayList<>(pending);
        pending.clear();
        late.forEach(p -> nanos = Math.max(nanos, p.due()));
        nanos += Duration.ofSeconds(3).toNanos();
        servers.nodeVanished();
        servers.passTo(nanos);
        Resumption left = Resumption.of(stored, List.of());
        procedure = left.procedure(SETTINGS, List.copyOf(fences.values()));
        Terms terms = left.terms(
                servers.fleet(), Map.of(), OrchestratorConfig.builder().build());
        state = State.resumed(terms, servers.fleet(), stored, now());
        String interrupted = left.interrupted("another", servers.fleet());
        if (interrupted != null) {
            state = state.fold(new Event.Decided(new Fact.GivenUp(interrupted), now()));
        }
    }

    private void await(long wake) {
        Pending next = null;
        for (Pending p : pending) {
            next = next == null || p.due() < next.due() ? p : next;
        }
        if (next == null || next.due() > wake) {
            nanos = Math.max(nanos + 1, wake);
            servers.passTo(nanos);
            state = state.fold(new Event.Woke(now()));
            return;
        }
        pending.remove(next);
        nanos = Math.max(nanos + 1, next.due());
        servers.passTo(nanos);
        state = state.fold(next.ends().apply(now()));
    }

    private long soon() {
        long millis = random.nextInt(8) == 0 ? random.nextInt(3000) : 1 + random.nextInt(20);
        return nanos + Duration.ofMillis(millis).toNanos();
    }

    /** Carries out what is wanted in one turn. */
    private final class CarryingOut implements Effect.Cases<State> {
        private long wake = nanos + Duration.ofMillis(100).toNanos();
        private boolean folded;

        @Override
        public State decide(Effect.Decide e) {
            folded = true;
            putBack.checkExcuse(e.fact());
            story.add("decided " + e.fact().getClass().getSimpleName() + " " + e.notes());
            return fold(new Event.Decided(e.fact(), now()));
        }

        @Override
        public State run(Effect.Run e) {
            RandomRun.this.tell(e);
            return state;
        }

        @Override
        public State read(Effect.Read e) {
            long begun = nanos;
            boolean late = chance(20);
            FleetMember member = late ? servers.late(e.server()) : servers.read(e.server());
            long due = late ? nanos + e.patience().toNanos() : soon();
            pending.add(new Pending(due, at -> new Event.ReadEnded(e.server(), member, begun, at)));
            return fold(new Event.ReadBegun(e.server(), now()));
        }

        @Override
        public State save(Effect.Save e) {
            RandomRun.this.save(e);
            return state;
        }

        @Override
        public State tell(Effect.Tell e) {
            if (e.what() instanceof Announcement.Promoted promoted) {
                published.add(promoted.primary().key());
            }
            servers.told(e.what());
            return fold(new Event.Told(e.what(), now()));
        }

        @Override
        public State wake(Effect.Wake e) {
            wake = Math.min(wake, nanos + e.in().toNanos());
            return state;
        }

        @Override
        public State finish(Effect.Finish e) {
            folded = true;
            story.add("ends: " + e.end());
            return fold(new Event.Ended(e.end(), now()));
        }
    }

    private State fold(Event event) {
        state = state.fold(event);
        return state;
    }

    private void tell(Effect.Run run) {
        InstanceKey server = run.step().instance();
        if (chance(30)) {
            servers.strike(server);
        }
        boolean done = !chance(12) && !refused.test(run.step());
        boolean heard = !chance(12);
        UnsteadyServers.Answer real =
                done ? servers.tell(run.step()) : new UnsteadyServers.Answer(StepResult.failed("scripted"), null);
        StepResult result = heard ? real.result() : StepResult.unknown("no answer");
        story.add(run.id() + " -> " + (done ? "" : "not ") + "done, " + result.kind());
        state = state.fold(new Event.StepBegun(run, now()));
        long due = real.after() == null ? soon() : nanos + real.after().toNanos();
        pending.add(new Pending(due, at -> new Event.StepEnded(run, result, at)));
    }

    private void save(Effect.Save save) {
        boolean written = !chance(15) && lostSaves == 0;
        boolean heard = !chance(15) && lostSaves == 0;
        lostSaves = Math.max(0, lostSaves - 1);
        if (written) {
            stored = save.record();
            save.fences().forEach(f -> fences.put(f.serverUuid(), f));
        }
        story.add("saved: " + written + ", heard: " + heard + ", successor "
                + save.record().successor());
        state = state.fold(new Event.SaveBegun(save.version(), now()));
        Event.Saving outcome = written && heard ? Event.Saving.WRITTEN : Event.Saving.UNKNOWN;
        pending.add(new Pending(soon(), at -> new Event.SaveEnded(save.version(), outcome, "scripted", at)));
    }

    /** Who is silent may come back as it was, and who is fenced is made read-only when it is seen. */
    private List<InstanceKey> checkWriters() {
        List<InstanceKey> writable =
                servers.writable().stream().filter(k -> !isFenced(k)).toList();
        assertThat(writable).as("writable and not fenced").hasSizeLessThanOrEqualTo(1);
        return writable;
    }

    void check() {
        assertThat(state.memory().isOvertaken())
                .as("overtaken, though nobody interfered: " + state.memory().givenUp())
                .isFalse();
        servers.passToTheEnd();
        List<InstanceKey> writable =
                checkWriters().stream().filter(servers::answers).toList();
        // Of a second node that dies in the middle of falling back the third knows nothing any more.
        if (!published.isEmpty() && vanishings < 2) {
            assertThat(writable).isSubsetOf(published.get(published.size() - 1));
        }
        RecoveryRecord record = state.record();
        if (kind != Kind.DEAD_INTERMEDIATE && state.end() == Effect.End.SUCCEEDED) {
            InstanceKey successor = Objects.requireNonNull(record.successor());
            boolean alive = servers.answers(successor);
            // One that is started again afterwards is as its file says.
            if (!servers.startedAgain().contains(successor)) {
                assertThat(writable).isEqualTo(alive ? List.of(successor) : List.of());
            }
        }
        if (state.end() == Effect.End.GIVEN_UP) {
            assertThat(record.successor()).isNull();
            assertThat(stored.successor()).as("what the next leader would read").isNull();
            servers.fleet().members().stream()
                    .filter(m -> !isFenced(m.key()))
                    .filter(m -> record.errors().stream().noneMatch(e -> PutBack.isNamed(e, m.key())))
                    .forEach(putBack::check);
        }
    }

    private boolean isFenced(InstanceKey server) {
        return (stored.successor() != null || !server.equals(stored.failed()))
                && fences.values().stream().map(Fence::instance).anyMatch(server::equals)
                && state.told().stream()
                        .noneMatch(t -> t instanceof Announcement.Lifted l
                                && l.fence().instance().equals(server));
    }
}
