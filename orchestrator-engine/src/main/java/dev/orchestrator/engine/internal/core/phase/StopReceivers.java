package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stops the receivers of all that take part, side by side.
 *
 * <p>A receiver that had a connection is waited for, as long as the configuration allows: it may still receive, and
 * acknowledge. One that is trying to connect receives nothing; stopping it can take seconds while its source is frozen, so
 * that only a short grace is given to it. The others go on without it, and it is seen to when its stop has ended.
 */
public final class StopReceivers implements Phase {
    private static final Duration GRACE = Duration.ofMillis(250);
    private static final int MOST = 5;

    private record Stop(Instance server, Effect.Run run, boolean connected) {}

    @Override
    public String name() {
        return PhaseNames.STOP_RECEIVERS;
    }

    @Override
    public boolean done(State s) {
        if (Succession.isNamed(s) || s.memory().choice() != null || s.memory().source() != null) {
            return true;
        }
        List<Stop> stops = stops(s);
        if (stops.stream().anyMatch(stop -> isWanted(s, stop))) {
            return false;
        }
        List<StepState> waiting = new ArrayList<>();
        boolean someEnded = stops.isEmpty();
        Duration patience = s.terms().config().receiverStopTimeout();
        Duration longest = Duration.ZERO;
        for (Stop stop : stops) {
            StepState step = s.step(stop.run().id()).orElse(null);
            if (step == null || !step.inFlight()) {
                someEnded = true;
                continue;
            }
            Duration since = s.now().since(step.firstBegun());
            longest = since.compareTo(longest) > 0 ? since : longest;
            if (since.compareTo(stop.connected() ? patience : GRACE) < 0) {
                waiting.add(step);
            }
        }
        return waiting.isEmpty() && (someEnded || longest.compareTo(patience.multipliedBy(2)) >= 0);
    }

    @Override
    public List<Effect> wanted(State s) {
        List<Effect> effects = new ArrayList<>();
        List<Stop> stops = stops(s);
        stops.stream().filter(stop -> isWanted(s, stop)).map(Stop::run).forEach(effects::add);
        Duration patience = s.terms().config().receiverStopTimeout();
        for (Stop stop : stops) {
            s.step(stop.run().id()).filter(StepState::inFlight).ifPresent(step -> {
                Duration since = s.now().since(step.firstBegun());
                for (Duration bound : List.of(GRACE, patience, patience.multipliedBy(2))) {
                    if (since.compareTo(bound) < 0) {
                        effects.add(new Effect.Wake(bound.minus(since)));
                        break;
                    }
                }
            });
        }
        return effects;
    }

    /** How long somebody without whom nothing can go on is waited for, though the others have stopped; empty when it is over. */
    static Optional<Duration> patienceLeft(State s, InstanceKey key) {
        Duration most = s.terms().config().receiverStopTimeout().multipliedBy(2);
        return stops(s).stream()
                .filter(stop -> stop.server().key().equals(key))
                .flatMap(stop -> s.step(stop.run().id()).stream())
                .filter(StepState::inFlight)
                .map(step -> most.minus(s.now().since(step.firstBegun())))
                .filter(left -> !left.isNegative() && !left.isZero())
                .findFirst();
    }

    private static boolean isWanted(State s, Stop stop) {
        boolean stopped = Channels.moved(s, stop.server().key())
                .filter(c -> c.receiver() != ReplicationThreadState.STOPPED)
                .isEmpty();
        Optional<StepState> before = s.step(stop.run().id());
        return !stopped && before.map(b -> b.isDone() && b.attempts() < MOST).orElse(true);
    }

    /** What was told to stop, and what is to be told. */
    private static List<Stop> stops(State s) {
        List<Stop> stops = new ArrayList<>();
        for (InstanceKey key : s.terms().participants()) {
            Optional<Instance> server = s.servers().fleet().instance(key);
            server.flatMap(i -> Channels.moved(s, key).map(c -> {
                        boolean connected = key.equals(s.terms().explicit())
                                || Channels.before(s, key)
                                        .filter(b -> b.receiver() == ReplicationThreadState.RUNNING)
                                        .isPresent();
                        return new Stop(
                                i, TimedCommands.stopReceiver(PhaseNames.STOP_RECEIVERS, i, c.name()), connected);
                    }))
                    .filter(stop -> s.answering(key).isPresent()
                            || s.step(stop.run().id()).isPresent())
                    .ifPresent(stops::add);
        }
        return stops;
    }
}
