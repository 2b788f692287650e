package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a reading shows that people made the fenced server the primary again: who took over is read-only and
 * replicates from it, and nobody else of the cluster can be written. Then there is one writer at most, the fenced server
 * itself, and fencing it would only take that one away.
 *
 * @param readAt when the older of the two servers was read; null when the reading does not show it
 * @param missing what who took over has executed and the fenced server has not
 * @param words what speaks for it, or the first thing that speaks against it
 */
public record Rebuilding(@Nullable Instant readAt, GtidSet missing, String words) {
    private static Rebuilding not(String why) {
        return new Rebuilding(null, GtidSet.empty(), why);
    }

    /** Whether the reading shows it. */
    public boolean isSeen() {
        return readAt != null;
    }

    /**
     * What people are told when the fence ends because of it.
     *
     * @param fence the fence
     * @return what speaks for it, and what is lost with it
     */
    public String note(Fence fence) {
        String loss = missing.isEmpty()
                ? "it holds everything that " + fence.successor() + " has executed"
                : "LOST with this: " + missing + ", which " + fence.successor() + " has executed and it has not";
        return "the topology was rebuilt around it: " + words + "; " + loss;
    }

    /**
     * Looks at a reading.
     *
     * @param view the fence and the snapshot
     * @return what it shows
     */
    public static Rebuilding in(FenceView view) {
        Fence fence = view.fence();
        if (!view.recoveryIsOver()) {
            return not("recovery " + fence.recoveryUid() + " is under way");
        }
        if (!view.successorWasWritable()) {
            return not(fence.successor() + ", which was to take over, was never seen writable");
        }
        List<FleetMember> servers = view.servers().answering();
        FleetMember successor = view.successor().orElse(null);
        if (servers.isEmpty() || successor == null) {
            return not((servers.isEmpty() ? fence.instance() : fence.successor()) + " does not answer");
        }
        if (servers.size() > 1) {
            return not("several servers answer with its server_uuid: "
                    + servers.stream().map(FleetMember::key).toList());
        }
        return of(view, servers.get(0), successor);
    }

    private static Rebuilding of(FenceView view, FleetMember server, FleetMember successor) {
        Instance former = server.facts().orElseThrow();
        Instance next = successor.facts().orElseThrow();
        Instant serverRead = server.lastSeen();
        Instant successorRead = successor.lastSeen();
        if (next.isWritable() || !next.readOnly()) {
            return not(successor.key() + ", which took over, is writable");
        }
        if (!replicates(view.fleet(), next, server)) {
            return not(successor.key() + ", which took over, does not replicate from it");
        }
        if (former.channels().stream().anyMatch(Rebuilding::receives)) {
            return not("it replicates itself");
        }
        Optional<InstanceKey> writer = otherWriter(view, server);
        if (writer.isPresent()) {
            return not(writer.get() + " is writable, too");
        }
        if (serverRead == null || successorRead == null) {
            return not("it was not read yet");
        }
        Instant readAt = serverRead.isBefore(successorRead) ? serverRead : successorRead;
        return new Rebuilding(
                readAt,
                next.executedGtids().minus(former.executedGtids()),
                successor.key() + ", which took over, is read-only and replicates from it");
    }

    private static boolean replicates(Fleet fleet, Instance replica, FleetMember source) {
        String uuid = source.facts().map(Instance::serverUuid).orElse("");
        return replica.channels().stream()
                .filter(c -> c.receiver() == ReplicationThreadState.RUNNING)
                .anyMatch(c -> readsFrom(fleet, c, source.key(), uuid));
    }

    static boolean receives(ReplicationChannel channel) {
        return channel.receiver() == ReplicationThreadState.RUNNING
                || channel.receiver() == ReplicationThreadState.CONNECTING;
    }

    private static boolean readsFrom(Fleet fleet, ReplicationChannel channel, InstanceKey source, String uuid) {
        String read = channel.sourceUuid();
        return read == null ? fleet.canonical(channel.source()).equals(source) : read.equals(uuid);
    }

    /** Who does not answer and was writable when it did may be writable. */
    private static Optional<InstanceKey> otherWriter(FenceView view, FleetMember server) {
        Map<InstanceKey, FleetMember> all = new LinkedHashMap<>();
        Stream.of(server.cluster(), view.fence().cluster())
                .flatMap(c -> view.fleet().membersOf(c).stream())
                .forEach(m -> all.put(m.key(), m));
        all.remove(server.key());
        return all.values().stream()
                .filter(m -> m.facts().filter(Instance::isWritable).isPresent())
                .map(FleetMember::key)
                .findFirst();
    }
}
