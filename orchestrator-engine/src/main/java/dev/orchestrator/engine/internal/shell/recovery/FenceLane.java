package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.engine.internal.core.recovery.Losses;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for one former primary to come back, makes it read-only before anything else, ends its clients' connections,
 * and finds out what it holds that its successor does not.
 *
 * <p>Almost always there is a command on its way to the server: one that is frozen accepts connections, and carries out
 * what waits in them the moment it is thawed; one that is not running refuses at once and is asked again after a pause
 * that grows with the time it has been away.
 */
final class FenceLane {
    private static final Logger log = LoggerFactory.getLogger(FenceLane.class);
    private static final Duration COMMAND = Duration.ofMillis(1500);
    private static final Duration KILL = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
    private static final Duration FAST_FOR = Duration.ofMinutes(2);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);
    private static final int LOOKS = 3;

    private final RecoveryPorts ports;
    private final Keepers keepers;
    private final Pauses pauses;
    private final Fence fence;
    private final LongSupplier right;
    private final Supplier<Right> writing;
    private volatile boolean cancelled;
    private volatile boolean fenced;
    private volatile boolean remembered;
    // Owned by the lane's thread: what the primary held at the last look.
    private GtidSet kept = GtidSet.empty();

    /**
     * A lane.
     *
     * @param ports what it reaches out to
     * @param keepers records at hand
     * @param pauses pauses that end when the engine closes
     * @param fence the fence
     * @param right yields how long commands may be given, or throws
     * @param writing yields the right to write down what is found, or throws
     */
    FenceLane(
            RecoveryPorts ports,
            Keepers keepers,
            Pauses pauses,
            Fence fence,
            LongSupplier right,
            Supplier<Right> writing) {
        this.keepers = keepers;
        this.ports = ports;
        this.pauses = pauses;
        this.fence = fence;
        this.right = right;
        this.writing = writing;
    }

    void run() {
        long begun = ports.ticker().nanos();
        try {
            if (fence.state() == FenceState.FENCED) {
                // It is read-only already, only not compared yet; told again, it might by now be somebody's new
                // primary.
                classify();
                return;
            }
            while (!cancelled && !fence(begun)) {
                // The pause is in the attempt.
            }
            if (fenced && !cancelled && !isLifted()) {
                afterwards();
            }
        } catch (OrchestratorException e) {
            log.atInfo()
                    .addKeyValue("instance", fence.instance())
                    .log("this node does not enforce the fence any more: {}", e.getMessage());
        }
    }

    void cancel() {
        cancelled = true;
    }

    /**
     * Whether somebody lifted the fence elsewhere: the backend does not hold it any more. One that the backend never
     * held is not lifted; it may still be on its way there.
     */
    boolean isLifted(List<Fence> standing) {
        boolean stands = standing.stream().anyMatch(f -> f.serverUuid().equals(fence.serverUuid()));
        remembered |= stands;
        return remembered && !stands;
    }

    private boolean isLifted() {
        try {
            return isLifted(ports.fences().standing());
        } catch (OrchestratorException e) {
            log.atDebug()
                    .addKeyValue("instance", fence.instance())
                    .setCause(e)
                    .log("whether a fence still stands cannot be read; it does");
            return false;
        }
    }

    /** Makes the server writable again, if it was made read-only here. */
    void undo() {
        if (fenced) {
            try {
                command(new InstanceCommand.SetReadOnly(false), COMMAND);
                tell("fence-lifted", "made writable again: the recovery was given up");
            } catch (OrchestratorException e) {
                log.atError()
                        .addKeyValue("instance", fence.instance())
                        .setCause(e)
                        .log("a server that was fenced for nothing cannot be made writable again");
            }
        }
    }

    /** One attempt; true when the lane is at its end. Throws when there is no right any more. */
    private boolean fence(long begun) {
        long until = right.getAsLong();
        try {
            Duration left = Duration.ofNanos(
                    Math.min(COMMAND.toNanos(), until - ports.ticker().nanos()));
            if (left.isNegative() || left.isZero()) {
                return !pauses.pause(SHORTEST_PAUSE);
            }
            send(new InstanceCommand.SetReadOnly(true), left);
            fenced = true;
            return true;
        } catch (OrchestratorException e) {
            return !pauses.pause(pauseAfter(e, begun));
        }
    }

    private Duration pauseAfter(OrchestratorException e, long begun) {
        if (e.code() == ErrorCode.INSTANCE_UNREACHABLE || e.code() == ErrorCode.TIMEOUT) {
            return ports.ticker().nanos() - begun < FAST_FOR.toNanos() ? SHORTEST_PAUSE : LONGEST_PAUSE;
        }
        log.atDebug()
                .addKeyValue("instance", fence.instance())
                .setCause(e)
                .log("a former primary refused to be fenced");
        return AFTER_REFUSAL;
    }

    private void command(InstanceCommand command, Duration timeout) {
        long until = right.getAsLong();
        send(
                command,
                Duration.ofNanos(
                        Math.min(timeout.toNanos(), until - ports.ticker().nanos())));
    }

    private void send(InstanceCommand command, Duration timeout) {
        Guard guard = new Guard(fence.serverUuid(), ports.ticker().nanos() + timeout.toNanos());
        ports.gateway().command(fence.instance(), guard, command, timeout);
    }

    private void afterwards() {
        tell("fenced", fence.instance() + " came back and was made read-only; " + fence.successor() + " took over");
        remember(FenceState.FENCED, "came back and was made read-only");
        try {
            command(new InstanceCommand.KillClients(), KILL);
        } catch (OrchestratorException e) {
            log.atWarn()
                    .addKeyValue("instance", fence.instance())
                    .setCause(e)
                    .log("the clients of a fenced former primary are still connected");
        }
        classify();
    }

    /** Looks more than once: a commit that was waiting when the fence came can still get through. */
    private void classify() {
        Optional<Losses> found = Optional.empty();
        for (int look = 0; look < LOOKS && !cancelled; look++) {
            Optional<Losses> now = look();
            if (now.isPresent() && !now.map(Losses::gtids).equals(found.map(Losses::gtids))) {
                conclude(now.get());
                found = now;
            }
            if (!pauses.pause(LONGEST_PAUSE.dividedBy(LOOKS))) {
                return;
            }
        }
    }

    private Optional<Losses> look() {
        InstanceKey primary = primary();
        Fleet fleet = ports.fleet().refresh(List.of(fence.instance(), primary), READ);
        Optional<Instance> former =
                answering(fleet, fence.instance()).filter(i -> i.serverUuid().equals(fence.serverUuid()));
        Optional<Instance> successor = answering(fleet, primary);
        if (former.isEmpty() || successor.isEmpty()) {
            return Optional.empty();
        }
        kept = successor.get().executedGtids();
        return Optional.of(Losses.atReturn(fence.instance(), former.get().executedGtids(), kept, primary));
    }

    private InstanceKey primary() {
        return ports.fleet()
                .current()
                .cluster(fence.cluster())
                .map(Cluster::primary)
                .filter(p -> !p.equals(fence.instance()))
                .orElse(fence.successor());
    }

    private void conclude(Losses losses) {
        boolean clean = losses.gtids().isEmpty();
        remember(clean ? FenceState.CLEAN : FenceState.AHEAD, losses.note());
        tell(clean ? "former-primary-clean" : "former-primary-ahead", losses.note());
        complete(losses);
    }

    /** What the record said to be missing stays named, unless the primary turns out to hold it. */
    private void complete(Losses losses) {
        Optional<RecordKeeper> keeper = keepers.find(fence.recoveryUid())
                .or(() -> ports.recoveries().find(RecoveryFilter.byUid(fence.recoveryUid())).stream()
                        .findFirst()
                        .map(r -> new RecordKeeper(ports.recoveries(), writing.get(), r)));
        keeper.filter(k -> k.current().failedUuid().equals(fence.serverUuid())).ifPresent(k -> {
            GtidSet before = k.current().lostGtids();
            GtidSet lost = before == null ? losses.gtids() : losses.gtids().union(before.minus(kept));
            k.edit(r -> r.lostGtids(lost).lossNote(losses.note()));
            k.saveIfPossible();
        });
    }

    private void remember(FenceState state, String note) {
        ports.fences().update(fence, state, note, writing.get());
    }

    private void tell(String type, String message) {
        log.atWarn().addKeyValue("instance", fence.instance()).log(message);
        String cluster = ports.fleet()
                .current()
                .cluster(fence.cluster())
                .map(Cluster::name)
                .orElse("");
        ports.audit().record(new AuditEntry(0, null, type, fence.instance(), cluster, ports.automatic(), message));
    }

    private static Optional<Instance> answering(Fleet fleet, InstanceKey key) {
        return fleet.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
    }
}
