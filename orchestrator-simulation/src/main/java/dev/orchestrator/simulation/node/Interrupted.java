package dev.orchestrator.simulation.node;

import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.LockRequest;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.recovery.Resumption;
import dev.orchestrator.engine.internal.core.recovery.Unattended;
import dev.orchestrator.engine.internal.core.recovery.Undertaking;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes on with what services that vanished left under way, as long as this one leads. Not thread-safe. */
final class Interrupted {
    private static final Duration READ = Duration.ofSeconds(1);

    private final SimulatedService node;
    private final NodeProcess process;
    private final Set<String> resuming = new HashSet<>();
    private final Set<Long> toldOf = new HashSet<>();

    Interrupted(SimulatedService node) {
        this.node = node;
        this.process = node.process();
    }

    void tick(List<RecoveryRecord> all) {
        Lease lease = node.leadership().lease().orElse(null);
        if (lease == null) {
            return;
        }
        Unattended unattended =
                new Unattended(lease.epoch(), process.name(), node.runs()::isRunning, node.runs()::wasAbandoned);
        for (RecoveryRecord record : all) {
            if (unattended.holds(record, process.now().at()) && resuming.add(record.uid())) {
                takeOver(record, lease);
            }
        }
    }

    private void takeOver(RecoveryRecord record, Lease lease) {
        node.<List<LockInfo>>ask(
                (rows, now) -> {
                    Resumption.leftLocked(record, rows.locks().active(now), lease.epoch())
                            .forEach(key -> rows.locks().end(key, now));
                    return rows.locks().active(now);
                },
                answer -> {
                    Resumption left =
                            node.world().engine().left().apply(Resumption.of(record, answer.orElse(List.of())));
                    if (answer.isEmpty() || left.held() || left.awaited() != null) {
                        resuming.remove(record.uid());
                        tellWaiting(left);
                    } else {
                        lock(left, lease);
                    }
                });
    }

    /** Once for each lock. */
    private void tellWaiting(Resumption left) {
        LockInfo awaited = left.awaited();
        if (!left.held() && awaited != null && toldOf.add(awaited.id())) {
            node.world().watcher().told(node, left.record().uid() + " waits: " + Resumption.waiting(awaited));
        }
    }

    private void lock(Resumption left, Lease lease) {
        if (left.free().isEmpty()) {
            refresh(left, lease, () -> {});
            return;
        }
        LockRequest request = LockRequest.forRecovery(left.free());
        SimulatedLock.acquire(node, request, node.recoveries().automatic(), left.reason(), (lock, answer) -> {
            if (lock == null) {
                resuming.remove(left.record().uid());
            } else {
                refresh(left, lease, lock::close);
            }
        });
    }

    private void refresh(Resumption left, Lease lease, Runnable over) {
        List<InstanceKey> asked = left.isSwitchover() ? left.record().replicas() : List.of();
        node.refresh(
                List.copyOf(left.everybody(node.fleet())),
                READ,
                () -> node.gateway().settings(asked, settings -> goOn(left, lease, settings.orElse(null), over)));
    }

    private void goOn(Resumption left, Lease lease, @Nullable ChannelSettings settings, Runnable over) {
        RecoveryRecord record = left.begin(process.name());
        Fleet fleet = node.fleet();
        if (node.leadership().until(lease).isEmpty()
                || fleet.member(record.failed()).isEmpty()) {
            over.run();
            resuming.remove(record.uid());
            return;
        }
        Undertaking what = new Undertaking(
                record,
                left.procedure(settings, node.fences()),
                left.terms(fleet, node.intents().promotionRules(), node.config()),
                fleet,
                0,
                left.interrupted(process.name(), fleet));
        node.runs().run(what, SimulatedAuthority.ofLease(node.leadership(), lease), ended -> {
            over.run();
            resuming.remove(record.uid());
            if (!ended.isActive() && !ended.successful()) {
                node.write(
                        (rows, now) -> {
                            rows.acknowledge(ended.uid());
                            return true;
                        },
                        done -> node.recoveries().forgetPauses());
            }
        });
    }
}
