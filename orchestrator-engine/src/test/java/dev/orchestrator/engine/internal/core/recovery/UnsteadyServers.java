package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.simulation.SimulatedFleet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Simulated servers in virtual time that die and are started again by their supervisors, or freeze and go on, and the lanes
 * that carry out fences. Who is started again is as its file says: the first primary writable, the others read-only.
 */
final class UnsteadyServers {
    private static final Duration LONGEST_READING = Duration.ofSeconds(3);

    private final SimulatedFleet servers;
    private final Instant start;
    private final InstanceKey firstPrimary;
    private final Random random;
    private final Consumer<String> story;
    private final List<Happening> coming = new ArrayList<>();
    private final Map<InstanceKey, Long> frozenUntil = new HashMap<>();
    private final Map<InstanceKey, Long> silentSince = new HashMap<>();
    // Since when each reading of it was late.
    private final Map<InstanceKey, Long> lateSince = new HashMap<>();
    private final Map<InstanceKey, Long> backSince = new HashMap<>();
    private final Map<String, Fence> enforced = new HashMap<>();
    private final Set<String> madeReadOnly = new HashSet<>();
    private final Set<InstanceKey> startedAgain = new HashSet<>();
    private long nanos;

    private record Happening(long due, Runnable what) {}

    /**
     * How a command ends.
     *
     * @param result what is answered
     * @param after how long after it was sent; null for soon
     */
    record Answer(StepResult result, @Nullable Duration after) {}

    UnsteadyServers(Fleet begin, InstanceKey firstPrimary, Instant start, Random random, Consumer<String> story) {
        this.servers = new SimulatedFleet(begin);
        this.firstPrimary = firstPrimary;
        this.start = start;
        this.random = random;
        this.story = story;
    }

    Fleet fleet() {
        return servers.fleet();
    }

    /** Those of which nobody would expect any more that they are as they were left. */
    Set<InstanceKey> startedAgain() {
        return startedAgain;
    }

    /** Time goes by, and what was to happen does. */
    void passTo(long now) {
        nanos = now;
        for (Happening next = due(); next != null; next = due()) {
            coming.remove(next);
            next.what().run();
        }
        List.copyOf(enforced.values()).forEach(this::enforce);
    }

    /** All that was to happen, to the last. */
    void passToTheEnd() {
        while (!coming.isEmpty()) {
            passTo(Math.max(
                    nanos, coming.stream().mapToLong(Happening::due).max().orElse(nanos)));
        }
        passTo(nanos);
    }

    private @Nullable Happening due() {
        return coming.stream()
                .filter(h -> h.due() <= nanos)
                .min(Comparator.comparingLong(Happening::due))
                .orElse(null);
    }

    private void in(Duration delay, Runnable what) {
        coming.add(new Happening(nanos + delay.toNanos(), what));
    }

    private Duration between(int millis, int and) {
        return Duration.ofMillis(millis + random.nextInt(and - millis));
    }

    private Instant now() {
        return start.plusNanos(nanos);
    }

    private Instance facts(InstanceKey key) {
        return servers.fleet().member(key).flatMap(FleetMember::facts).orElseThrow();
    }

    /** Those that can be written, or could when they answered last. */
    List<InstanceKey> writable() {
        return servers.fleet().members().stream()
                .filter(m -> m.facts().orElseThrow().isWritable())
                .map(FleetMember::key)
                .toList();
    }

    /** For how long it seems not to have answered; no time when it has for longer than a reading can take. */
    Duration awayFor(InstanceKey key) {
        Duration back = Duration.ofNanos(nanos - backSince.getOrDefault(key, Long.MIN_VALUE / 2));
        boolean answers = answers(key) && back.compareTo(LONGEST_READING) > 0 && !lateSince.containsKey(key);
        long since = Math.min(silentSince.getOrDefault(key, nanos), lateSince.getOrDefault(key, nanos));
        return answers ? Duration.ZERO : Duration.ofNanos(nanos - since);
    }

    /** A reading of it, as it is. */
    FleetMember read(InstanceKey key) {
        lateSince.remove(key);
        return servers.fleet().member(key).orElseThrow();
    }

    boolean isFrozen(InstanceKey key) {
        return frozenUntil.containsKey(key);
    }

    /** A reading of it that takes too long, whatever its state. */
    FleetMember late(InstanceKey key) {
        story.accept("a reading of " + key + " is late");
        lateSince.putIfAbsent(key, nanos);
        FleetMember member = servers.fleet().member(key).orElseThrow();
        ProbeFailure failure = new ProbeFailure(ProbeFailure.Kind.TIMEOUT, "no answer");
        return new FleetMember(
                key, member.cluster(), member.instance(), member.lastSeen(), now(), failure, now(), member.latency());
    }

    boolean answers(InstanceKey key) {
        return servers.fleet().member(key).filter(FleetMember::isReachable).isPresent();
    }

    /** Something happens to any server, also to one that nothing is asked of. */
    void strike() {
        List<InstanceKey> answering = answering();
        if (!answering.isEmpty()) {
            strike(answering.get(random.nextInt(answering.size())));
        }
    }

    /** Something happens to that server; not to the last ones that are left. */
    void strike(InstanceKey victim) {
        int left = answering().size();
        if (left > 2 && answers(victim) && random.nextBoolean()) {
            kill(victim);
        } else if (left > 1 && answers(victim)) {
            freeze(victim);
        }
    }

    private List<InstanceKey> answering() {
        return servers.fleet().members().stream()
                .filter(FleetMember::isReachable)
                .map(FleetMember::key)
                .toList();
    }

    /** It dies for good. */
    void killForGood(InstanceKey key) {
        story.accept(key + " dies");
        silentSince.put(key, nanos);
        servers.kill(key, now());
    }

    /** It dies; half of all have a supervisor. */
    private void kill(InstanceKey key) {
        killForGood(key);
        if (random.nextBoolean()) {
            startAgainSoon(key);
        }
    }

    /** Its supervisor starts it again 0.3 to 2 s from now. */
    void startAgainSoon(InstanceKey key) {
        in(between(300, 2000), () -> {
            story.accept(key + " was started again");
            startedAgain.add(key);
            backSince.put(key, nanos);
            Instance before = facts(key);
            boolean readOnly = !key.equals(firstPrimary);
            servers.answerAgain(
                    before.toBuilder()
                            .readOnly(readOnly)
                            .superReadOnly(readOnly)
                            .channels(before.channels().stream()
                                    .map(c -> c.toBuilder()
                                            .receiver(ReplicationThreadState.CONNECTING)
                                            .applier(ReplicationThreadState.RUNNING)
                                            .build())
                                    .toList())
                            .build(),
                    now());
        });
    }

    /** It stands still for a time, short or long. */
    private void freeze(InstanceKey key) {
        freezeFor(key, random.nextInt(8) == 0 ? between(5000, 70_000) : between(100, 5000));
    }

    void freezeFor(InstanceKey key, Duration how) {
        story.accept(key + " freezes for " + how.toMillis() + " ms");
        servers.freeze(key, now());
        silentSince.put(key, nanos);
        frozenUntil.put(key, nanos + how.toNanos());
        in(how, () -> {
            story.accept(key + " goes on");
            frozenUntil.remove(key);
            backSince.put(key, nanos);
            servers.answerAgain(facts(key), now());
        });
    }

    /** Tells a server something; a frozen one does it when it goes on, unless its guard is over by then. */
    Answer tell(PlanStep step) {
        Long until = frozenUntil.get(step.instance());
        if (until == null) {
            StepResult result = servers.tell(step.instance(), step.command());
            return new Answer(result, result.kind() == StepResult.Kind.NOT_YET ? step.timeout() : null);
        }
        Duration thaw = Duration.ofNanos(until - nanos);
        boolean inTime = thaw.compareTo(step.timeout()) < 0;
        boolean passedItsGuard = random.nextInt(4) == 0;
        if (inTime || passedItsGuard) {
            in(thaw, () -> {
                story.accept(step.describe() + " is carried out late");
                servers.tell(step.instance(), step.command());
            });
        }
        StepResult result = inTime && !(step.command() instanceof InstanceCommand.AwaitExecuted)
                ? StepResult.DONE
                : StepResult.unknown("no answer");
        return new Answer(result, inTime ? thaw.plusMillis(1) : step.timeout());
    }

    /** A lane sees to it from now on that a fenced server is read-only, until its fence is lifted. */
    void told(Announcement what) {
        if (what instanceof Announcement.Fenced fenced) {
            enforced.put(fenced.fence().serverUuid(), fenced.fence());
        } else if (what instanceof Announcement.Lifted lifted) {
            enforced.remove(lifted.fence().serverUuid());
            if (madeReadOnly.remove(lifted.fence().serverUuid())) {
                servers.tell(lifted.fence().instance(), new InstanceCommand.SetReadOnly(false));
            }
        }
    }

    /** The lanes of a node end with it. */
    void nodeVanished() {
        enforced.clear();
        madeReadOnly.clear();
    }

    private void enforce(Fence fence) {
        if (answers(fence.instance()) && facts(fence.instance()).isWritable()) {
            story.accept(fence.instance() + " is fenced");
            servers.tell(fence.instance(), new InstanceCommand.SetReadOnly(true));
            madeReadOnly.add(fence.serverUuid());
        }
    }
}
