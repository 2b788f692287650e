package dev.orchestrator.engine.internal.core.simulation;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.command.CommandEffect;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Servers that exist nowhere and do what they are told at once: receivers find living sources, appliers that run execute
 * what was received. A server that did not answer in the snapshot it began with answers no more here. Not thread-safe.
 */
public final class SimulatedFleet {
    private Fleet fleet;
    // Whether nothing goes on by itself any more.
    private boolean settled;

    /**
     * Servers as a snapshot shows them.
     *
     * @param fleet the snapshot
     */
    public SimulatedFleet(Fleet fleet) {
        this.fleet = fleet;
    }

    /**
     * The servers as they are now.
     *
     * @return a snapshot
     */
    public Fleet fleet() {
        return fleet;
    }

    /**
     * Tells a server something.
     *
     * @param key the server
     * @param command what it is told
     * @return what it answers
     */
    public StepResult tell(InstanceKey key, InstanceCommand command) {
        settle();
        Optional<Instance> server = answering(key);
        if (server.isEmpty()) {
            return StepResult.unknown("does not answer");
        }
        Instance before = server.get();
        if (command instanceof InstanceCommand.AwaitExecuted await) {
            return await.gtids().isSubsetOf(before.executedGtids()) ? StepResult.DONE : StepResult.NOT_YET;
        }
        if (command instanceof InstanceCommand.Repoint repoint && wouldLoseRelayLog(before, repoint.channel())) {
            return StepResult.failed("it has received transactions that it has not applied, and its applier stands");
        }
        put(CommandEffect.after(before, command));
        settle();
        return StepResult.DONE;
    }

    private static boolean wouldLoseRelayLog(Instance server, String channel) {
        return server.channels().stream()
                .filter(c -> c.name().equals(channel) && c.applier() != ReplicationThreadState.RUNNING)
                .anyMatch(c -> !c.retrievedGtids().isSubsetOf(server.executedGtids()));
    }

    /**
     * A server's process ends: it answers no more, and receivers that read from it try to connect.
     *
     * @param key the server
     * @param at when
     */
    public void kill(InstanceKey key, Instant at) {
        silence(key, new ProbeFailure(ProbeFailure.Kind.REFUSED, "nobody listens"), at);
        for (FleetMember other : List.copyOf(fleet.members())) {
            Instance facts = other.isReachable() ? other.facts().orElse(null) : null;
            if (facts != null) {
                put(facts.toBuilder()
                        .channels(facts.channels().stream()
                                .map(c -> cut(c, fleet.canonical(key)))
                                .toList())
                        .build());
            }
        }
    }

    /**
     * A server stands still: it answers nobody, and those that read from it do not notice.
     *
     * @param key the server
     * @param at when
     */
    public void freeze(InstanceKey key, Instant at) {
        silence(key, new ProbeFailure(ProbeFailure.Kind.TIMEOUT, "no answer"), at);
    }

    private void silence(InstanceKey key, ProbeFailure failure, Instant at) {
        FleetMember member = fleet.member(key).orElseThrow();
        become(new FleetMember(
                member.key(),
                member.cluster(),
                member.instance(),
                member.lastSeen(),
                at,
                failure,
                at,
                member.latency()));
    }

    /**
     * A server that was frozen or killed answers again.
     *
     * @param facts how it is now
     * @param at when
     */
    public void answerAgain(Instance facts, Instant at) {
        FleetMember member = fleet.member(facts.key()).orElseThrow();
        become(new FleetMember(member.key(), member.cluster(), facts, at, at, null, null, member.latency()));
        settle();
    }

    private ReplicationChannel cut(ReplicationChannel channel, InstanceKey dead) {
        boolean lost =
                fleet.canonical(channel.source()).equals(dead) && channel.receiver() == ReplicationThreadState.RUNNING;
        return lost
                ? channel.toBuilder()
                        .receiver(ReplicationThreadState.CONNECTING)
                        .build()
                : channel;
    }

    private Optional<Instance> answering(InstanceKey key) {
        return fleet.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
    }

    private void put(Instance instance) {
        FleetMember member = fleet.member(instance.key()).orElseThrow();
        become(member.withInstance(instance));
    }

    private void become(FleetMember member) {
        fleet = fleet.with(List.of(member));
        settled = false;
    }

    /** What goes on by itself, until nothing changes any more. */
    private void settle() {
        while (!settled) {
            settled = true;
            for (FleetMember member : List.copyOf(fleet.members())) {
                Instance before = member.isReachable() ? member.facts().orElse(null) : null;
                if (before != null && !before.channels().isEmpty()) {
                    Instance after = replicated(before);
                    if (after != before) {
                        put(after);
                    }
                }
            }
        }
    }

    /** What it becomes; itself when it is as far as it comes. */
    private Instance replicated(Instance before) {
        List<ReplicationChannel> channels = new ArrayList<>();
        boolean received = false;
        GtidSet executed = before.executedGtids();
        for (ReplicationChannel channel : before.channels()) {
            ReplicationChannel now = received(channel);
            channels.add(now);
            received |= now != channel;
            boolean applies = now.applier() == ReplicationThreadState.RUNNING
                    && now.configuredDelay().isZero()
                    && now.lastApplierErrno() == 0;
            executed = applies ? executed.union(now.retrievedGtids()) : executed;
        }
        return received || !executed.equals(before.executedGtids())
                ? before.toBuilder().channels(channels).executedGtids(executed).build()
                : before;
    }

    private ReplicationChannel received(ReplicationChannel channel) {
        boolean on = channel.receiver() == ReplicationThreadState.CONNECTING
                || channel.receiver() == ReplicationThreadState.RUNNING;
        Optional<Instance> source = on ? answering(channel.source()) : Optional.empty();
        return source.map(s -> received(channel, s)).orElse(channel);
    }

    private static ReplicationChannel received(ReplicationChannel channel, Instance source) {
        String uuid = source.serverUuid().isEmpty() ? null : source.serverUuid();
        boolean all = channel.receiver() == ReplicationThreadState.RUNNING
                && Objects.equals(uuid, channel.sourceUuid())
                && channel.retrievedGtids().contains(source.executedGtids());
        return all
                ? channel
                : channel.toBuilder()
                        .receiver(ReplicationThreadState.RUNNING)
                        .sourceUuid(uuid)
                        .retrievedGtids(channel.retrievedGtids().union(source.executedGtids()))
                        .build();
    }
}
