package dev.orchestrator.simulation.node;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.lock.Hold;
import dev.orchestrator.spi.LockStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Locks that a change of this service holds, and extends until it is over. Not thread-safe. */
final class SimulatedLock {
    private final SimulatedService node;
    private final NodeProcess process;
    private final String token;
    private final List<InstanceKey> instances;
    private Hold term;
    private boolean extending;
    private boolean closed;

    /** Locks servers; told the locks, or null and why not. */
    static void acquire(
            SimulatedService node,
            LockRequest request,
            Actor owner,
            String reason,
            BiConsumer<@Nullable SimulatedLock, Optional<LockStore.Attempt>> told) {
        long asked = node.process().nanos();
        Duration ttl = node.config().lockTtl();
        node.ask((rows, now) -> rows.locks().acquire(request, owner, reason, ttl, now), answer -> {
            String token = answer.map(LockStore.Attempt::token).orElse(null);
            told.accept(
                    token == null ? null : new SimulatedLock(node, token, List.copyOf(request.all()), asked), answer);
        });
    }

    private SimulatedLock(SimulatedService node, String token, List<InstanceKey> instances, long asked) {
        this.node = node;
        this.process = node.process();
        this.token = token;
        this.instances = List.copyOf(instances);
        this.term = Hold.granted(instances.size(), node.config().lockTtl(), asked);
        beat();
    }

    String token() {
        return token;
    }

    List<InstanceKey> instances() {
        return instances;
    }

    /** Until when they are certainly held, by this service's clock. */
    OptionalLong until() {
        return closed || term.whyNot(process.nanos()) != null
                ? OptionalLong.empty()
                : OptionalLong.of(term.certainUntil());
    }

    private void beat() {
        Duration ttl = node.config().lockTtl();
        process.in(Hold.beat(ttl), () -> {
            if (!closed && term.ended() == null) {
                extend(ttl);
                beat();
            }
        });
    }

    private void extend(Duration ttl) {
        if (extending) {
            return;
        }
        extending = true;
        long asked = process.nanos();
        node.ask((rows, now) -> rows.locks().extend(token, ttl, now), answer -> {
            extending = false;
            answer.ifPresent(extended -> term = term.extended(extended, asked));
        });
    }

    /** Ends them; where the backend does not hear of it they run out. */
    void close() {
        if (!closed) {
            closed = true;
            node.write(
                    (rows, now) -> {
                        rows.locks().release(token, now);
                        return true;
                    },
                    answer -> {});
        }
    }
}
