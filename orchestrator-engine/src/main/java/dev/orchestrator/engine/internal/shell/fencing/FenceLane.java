package dev.orchestrator.engine.internal.shell.fencing;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.fencing.FenceStep.Deed;
import dev.orchestrator.spi.Guard;
import java.time.Duration;
import java.util.List;
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
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
    private static final Duration FAST_FOR = Duration.ofMinutes(2);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);

    private final FencingPorts ports;
    private final FencingPorts.Pause pause;
    private final FenceWriter writer;
    private final Deed deed;
    private final String why;
    private final Fence fence;
    private volatile boolean cancelled;
    private volatile boolean fenced;
    private volatile boolean remembered;

    /**
     * A lane.
     *
     * @param ports what it reaches out to
     * @param pause pauses that end when the engine closes
     * @param writer writes down how far it has come
     * @param deed what to begin with: make it read-only, or only compare
     * @param why for people
     */
    FenceLane(FencingPorts ports, FencingPorts.Pause pause, FenceWriter writer, Deed deed, String why) {
        this.ports = ports;
        this.pause = pause;
        this.writer = writer;
        this.deed = deed;
        this.why = why;
        this.fence = writer.fence();
    }

    void run() {
        try {
            if (deed == Deed.MAKE_READ_ONLY && !makeReadOnly()) {
                return;
            }
            FormerPrimary former = new FormerPrimary(ports, pause, writer, () -> cancelled);
            // Who becomes writable again while it is looked at is not looked at but fenced, though nobody else answers.
            while (former.compare() == FormerPrimary.Found.WRITABLE) {
                if (!makeReadOnly()) {
                    return;
                }
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
        boolean stands = standing.stream().anyMatch(fence::isSameOrder);
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
                writer.tell("fence-lifted", "made writable again: the recovery was given up");
            } catch (OrchestratorException e) {
                log.atError()
                        .addKeyValue("instance", fence.instance())
                        .setCause(e)
                        .log("a server that was fenced for nothing cannot be made writable again");
            }
        }
    }

    /** Until it is read-only. False when the fence does not stand any more or the engine closes. */
    private boolean makeReadOnly() {
        long begun = ports.ticker().nanos();
        Duration again = attempt(begun);
        while (!cancelled && !again.isZero()) {
            if (!pause.rest(again)) {
                return false;
            }
            again = attempt(begun);
        }
        return !cancelled && !isLifted() && isWrittenDown();
    }

    private long nanosLeft() {
        return writer.until() - ports.ticker().nanos();
    }

    /** One attempt; after what pause to try again, zero when it is done. Throws when there is no right any more. */
    private Duration attempt(long begun) {
        long left = Math.min(COMMAND.toNanos(), nanosLeft());
        if (left <= 0) {
            return SHORTEST_PAUSE;
        }
        try {
            send(new InstanceCommand.SetReadOnly(true), Duration.ofNanos(left));
            fenced = true;
            return Duration.ZERO;
        } catch (OrchestratorException e) {
            return pauseAfter(e, begun);
        }
    }

    /** Who does not answer is asked often at first, and seldom later. */
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
        send(command, Duration.ofNanos(Math.min(timeout.toNanos(), nanosLeft())));
    }

    private void send(InstanceCommand command, Duration timeout) {
        Guard guard = new Guard(fence.serverUuid(), ports.ticker().nanos() + timeout.toNanos());
        ports.gateway().command(fence.instance(), guard, command, timeout);
    }

    private boolean isWrittenDown() {
        writer.tell(
                "fenced",
                fence.instance() + " was made read-only, as " + fence.successor() + " took over in recovery "
                        + fence.recoveryUid() + ": " + why);
        if (!writer.remember(FenceState.FENCED, "came back and was made read-only")) {
            return false;
        }
        try {
            command(new InstanceCommand.KillClients(), KILL);
        } catch (OrchestratorException e) {
            log.atWarn()
                    .addKeyValue("instance", fence.instance())
                    .setCause(e)
                    .log("the clients of a fenced former primary are still connected");
        }
        return true;
    }
}
