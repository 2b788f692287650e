package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Cluster;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about one fence: makes a former primary read-only before anything else as soon as it is back, ends
 * its clients' connections, finds out what it holds that its successor does not, and takes back what was done when the
 * fence is lifted.
 *
 * <p>Almost always there is a command on its way to the server: one that is frozen accepts connections, and carries out
 * what waits in them the moment it is thawed; one that is not running refuses at once and is asked again after a pause
 * that grows with the time it has been away.
 */
public final class Enforcing {
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** A commit that was waiting when the fence came can still get through. */
    static final int LOOKS = 3;

    private static final Duration COMMAND = Duration.ofMillis(1500);
    private static final Duration KILL = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
    private static final Duration FAST_FOR = Duration.ofMinutes(2);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);

    private Enforcing() {}

    /**
     * Decides.
     *
     * @param state what is known
     * @return effects to be carried out side by side; empty when nothing is to be done or an answer is awaited
     */
    public static List<FenceEffect> next(Enforcement state) {
        List<FenceEffect> effects = new ArrayList<>(state.outbox());
        FenceEffect wanted = wanted(state);
        if (wanted != null && !state.isUnderWay(wanted.getClass())) {
            effects.add(wanted);
        }
        return effects;
    }

    private static @Nullable FenceEffect wanted(Enforcement state) {
        Task task = state.task();
        Duration pause = Duration.ofNanos(task.notBeforeNanos() - state.now().nanos());
        boolean early = pause.toNanos() > 0;
        return switch (task.stage()) {
            case IDLE -> null;
            case CHECKING, CONFIRMING -> new FenceEffect.Check();
            case FENCING ->
                early
                        ? new FenceEffect.Wake(pause)
                        : new FenceEffect.Send(new InstanceCommand.SetReadOnly(true), COMMAND);
            case NOTING -> new FenceEffect.Save(state.fence(), FenceState.FENCED, "came back and was made read-only");
            case KILLING -> new FenceEffect.Send(new InstanceCommand.KillClients(), KILL);
            case LOOKING -> early ? new FenceEffect.Wake(pause) : new FenceEffect.Read(READ);
            case CONCLUDING -> conclusion(state.fence(), Objects.requireNonNull(task.finding()));
            case FREEING, LIFTING -> new FenceEffect.Save(state.fence(), FenceState.LIFTED, task.why());
            case ENDING -> new FenceEffect.End(Objects.requireNonNull(state.view()));
            case UNDOING -> new FenceEffect.Send(new InstanceCommand.SetReadOnly(false), COMMAND);
        };
    }

    private static FenceEffect conclusion(Fence fence, Finding finding) {
        return new FenceEffect.Save(fence, finding.state(), finding.losses().note());
    }

    /** Who does not answer is asked often at first, and seldom later. */
    static Duration pauseAfter(StepResult result, Duration away) {
        return switch (result.kind()) {
            case DONE, NOT_YET -> SHORTEST_PAUSE;
            case UNKNOWN -> away.compareTo(FAST_FOR) < 0 ? SHORTEST_PAUSE : LONGEST_PAUSE;
            case FAILED -> AFTER_REFUSAL;
        };
    }

    /**
     * With whom a former primary is compared.
     *
     * @param fence its fence
     * @param fleet the snapshot
     * @return the primary of its cluster, or who took over while the snapshot shows the former one there
     */
    public static InstanceKey primary(Fence fence, Fleet fleet) {
        FencedServers former = new FencedServers(fence, fleet);
        return fleet.cluster(fence.cluster())
                .map(Cluster::primary)
                .filter(p -> !p.equals(fence.instance()))
                .filter(p -> former.all().stream().noneMatch(m -> m.key().equals(p)))
                .orElse(fence.successor());
    }
}
