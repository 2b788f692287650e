package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.command.CommandEffect;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a procedure knows of servers by its own readings and by what they answered to its commands; nothing else counts.
 * Immutable.
 */
public final class Servers {
    private final Fleet fleet;
    private final long begun;
    private final Map<InstanceKey, Sight> sights;

    private Servers(Fleet fleet, long begun, Map<InstanceKey, Sight> sights) {
        this.fleet = fleet;
        this.begun = begun;
        this.sights = sights;
    }

    /**
     * How far one server can be trusted to be as it is believed to be.
     *
     * @param reading whether a reading is under way
     * @param readBegun when the last reading that ended had begun
     * @param readEnded when it ended
     * @param commands commands that are under way
     * @param commandEnded when the last command ended
     * @param doubtful a command has ended since the last reading, and what it did is not certain
     * @param silent how many readings in a row brought no facts
     * @param refused how many of these found nobody listening
     * @param silentSince when the first of these ended
     */
    private record Sight(
            boolean reading,
            long readBegun,
            long readEnded,
            int commands,
            long commandEnded,
            boolean doubtful,
            int silent,
            int refused,
            long silentSince) {}

    /**
     * Servers as they were read at the begin.
     *
     * @param fleet a snapshot of which the servers in question were just read
     * @param begun the ticker reading that stands for these readings
     * @return what is known
     */
    static Servers readAt(Fleet fleet, long begun) {
        return new Servers(fleet, begun, Map.of());
    }

    private Sight sight(InstanceKey key) {
        InstanceKey own = fleet.canonical(key);
        Sight sight = sights.get(own);
        return sight != null ? sight : new Sight(false, begun, begun, 0, begun - 1, false, 0, 0, begun);
    }

    private Servers with(InstanceKey key, Sight sight, Fleet changed) {
        Map<InstanceKey, Sight> all = new HashMap<>(sights);
        all.put(fleet.canonical(key), sight);
        return new Servers(changed, begun, Collections.unmodifiableMap(all));
    }

    Servers readBegun(InstanceKey key) {
        Sight s = sight(key);
        return with(
                key,
                new Sight(
                        true,
                        s.readBegun,
                        s.readEnded,
                        s.commands,
                        s.commandEnded,
                        s.doubtful,
                        s.silent,
                        s.refused,
                        s.silentSince),
                fleet);
    }

    Servers readEnded(InstanceKey key, FleetMember member, long readBegun, long now) {
        Sight s = sight(key);
        boolean silent = !member.isReachable();
        boolean refused = member.failure() != null && member.failure().kind() == ProbeFailure.Kind.REFUSED;
        boolean afterCommands = s.commands == 0 && readBegun >= s.commandEnded;
        Sight after = new Sight(
                false,
                readBegun,
                now,
                s.commands,
                s.commandEnded,
                s.doubtful && !afterCommands,
                silent ? s.silent + 1 : 0,
                refused ? s.refused + 1 : 0,
                silent && s.silent > 0 ? s.silentSince : now);
        FleetMember known =
                fleet.member(key).map(m -> member.inCluster(m.cluster())).orElse(member);
        return with(key, after, fleet.with(List.of(known)));
    }

    Servers commandBegun(InstanceKey key) {
        Sight s = sight(key);
        return with(
                key,
                new Sight(
                        s.reading,
                        s.readBegun,
                        s.readEnded,
                        s.commands + 1,
                        s.commandEnded,
                        s.doubtful,
                        s.silent,
                        s.refused,
                        s.silentSince),
                fleet);
    }

    Servers commandEnded(InstanceKey key, InstanceCommand command, StepResult result, long now) {
        Sight s = sight(key);
        boolean certain = result.isDone() || result.kind() == StepResult.Kind.NOT_YET;
        Sight after = new Sight(
                s.reading,
                s.readBegun,
                s.readEnded,
                Math.max(0, s.commands - 1),
                now,
                s.doubtful || !certain,
                s.silent,
                s.refused,
                s.silentSince);
        Fleet changed = fleet;
        if (result.isDone()) {
            changed = fleet.member(key)
                    .filter(m -> m.instance() != null)
                    .map(m -> m.withInstance(CommandEffect.after(m.facts().orElseThrow(), command)))
                    .map(m -> fleet.with(List.of(m)))
                    .orElse(fleet);
        }
        return with(key, after, changed);
    }

    /**
     * The snapshot: what was read, and what was done since.
     *
     * @return the fleet as it is believed to be
     */
    public Fleet fleet() {
        return fleet;
    }

    /**
     * A server's facts, if its last reading brought any.
     *
     * @param key the server
     * @return as it is believed to be; empty when it did not answer
     */
    public Optional<Instance> answering(InstanceKey key) {
        return fleet.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
    }

    /**
     * Whether what is believed of a server can be built on: nothing of unknown outcome was sent since it was read. One that
     * did not answer that reading is certain to be silent.
     *
     * @param key the server
     * @return false also while a command is under way
     */
    public boolean isCertain(InstanceKey key) {
        Sight s = sight(key);
        return !s.doubtful && s.commands == 0;
    }

    /**
     * Whether a reading that began after the last command to a server ended is at hand, whatever it brought.
     *
     * @param key the server
     * @return true when its facts are proof
     */
    public boolean isProven(InstanceKey key) {
        Sight s = sight(key);
        return s.commands == 0 && s.readBegun >= s.commandEnded;
    }

    /**
     * Whether a reading is under way.
     *
     * @param key the server
     * @return true until it has ended
     */
    public boolean isBeingRead(InstanceKey key) {
        return sight(key).reading;
    }

    /**
     * Whether any reading is under way.
     *
     * @return true until all have ended
     */
    public boolean isAnyBeingRead() {
        return sights.values().stream().anyMatch(Sight::reading);
    }

    /**
     * Whether a command is under way.
     *
     * @param key the server
     * @return true until all have ended
     */
    public boolean isBeingTold(InstanceKey key) {
        return sight(key).commands > 0;
    }

    /**
     * Whether a command was ever sent, by this procedure.
     *
     * @param key the server
     * @return true from the first one on
     */
    public boolean wasTold(InstanceKey key) {
        Sight s = sight(key);
        return s.commands > 0 || s.commandEnded >= begun;
    }

    /**
     * When the last reading that ended had begun.
     *
     * @param key the server
     * @return a ticker reading
     */
    public long lastReadBegun(InstanceKey key) {
        return sight(key).readBegun;
    }

    /**
     * When the last reading ended.
     *
     * @param key the server
     * @return a ticker reading
     */
    public long lastReadEnded(InstanceKey key) {
        return sight(key).readEnded;
    }

    /**
     * How many readings in a row found nobody listening.
     *
     * @param key the server
     * @return 0 when the last one brought facts, or failed otherwise
     */
    public int refusedInARow(InstanceKey key) {
        return sight(key).refused;
    }

    /**
     * How many readings in a row brought no facts.
     *
     * @param key the server
     * @return 0 when it answered the last one
     */
    public int silentInARow(InstanceKey key) {
        return sight(key).silent;
    }

    /**
     * Since when a server has not answered our readings.
     *
     * @param key the server
     * @return a ticker reading; meaningless when it answers
     */
    public long silentSince(InstanceKey key) {
        return sight(key).silentSince;
    }
}
