package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.engine.internal.core.fencing.FenceStep.FenceAction;
import dev.orchestrator.engine.internal.core.fencing.Task.Stage;
import dev.orchestrator.engine.internal.core.procedure.LivingState;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about one fence; what comes next depends on nothing else. A value: {@link #fold} yields the next one.
 *
 * @param fence the fence
 * @param apart how far apart two readings must be to be two
 * @param now when it was last told something
 * @param task what is being done about it
 * @param known what is remembered of it
 * @param view the last snapshot, null before the first
 * @param underWay what was begun and is awaited
 * @param outbox what others are to be told, once
 */
public record Enforcement(
        Fence fence,
        Duration apart,
        Moment now,
        Task task,
        Known known,
        @Nullable FenceView view,
        List<FenceEffect> underWay,
        List<FenceEffect> outbox)
        implements LivingState<Enforcement, FenceEvent, FenceEffect> {
    /** Copies the lists. */
    public Enforcement {
        underWay = List.copyOf(underWay);
        outbox = List.copyOf(outbox);
    }

    /**
     * A fence that nothing was done about yet.
     *
     * @param fence the fence
     * @param apart how far apart two readings must be to be two
     * @param now the present moment
     * @return the state
     */
    public static Enforcement begin(Fence fence, Duration apart, Moment now) {
        return new Enforcement(fence, apart, now, Task.IDLE, Known.NOTHING, null, List.of(), List.of());
    }

    @Override
    public Enforcement fold(FenceEvent event) {
        Enforcement timed = new Enforcement(fence, apart, event.at(), task, known, view, underWay, outbox);
        return event.match(new EnforcementFold(timed)).settled();
    }

    @Override
    public List<FenceEffect> next() {
        return Enforcing.next(this);
    }

    @Override
    public FenceEvent woke(Moment at) {
        return new FenceEvent.Woke(at);
    }

    @Override
    public FenceEvent begun(FenceEffect effect, Moment at) {
        return new FenceEvent.Begun(effect, at);
    }

    @Override
    public FenceEvent failed(FenceEffect effect, String why, Moment at) {
        return new FenceEvent.Failed(effect, why, at);
    }

    /** There is nothing to be undone when the fence has not made the server read-only. */
    private Enforcement settled() {
        boolean nothing = task.stage() == Stage.UNDOING && !known.made() && !isUnderWay(FenceEffect.Send.class);
        return nothing ? idle() : this;
    }

    /**
     * Whether something of a kind is under way.
     *
     * @param kind the kind
     * @return true while its end is awaited
     */
    public boolean isUnderWay(Class<? extends FenceEffect> kind) {
        for (FenceEffect effect : underWay) {
            if (kind.isInstance(effect)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether nothing is being done about it.
     *
     * @return false also while an answer is awaited that changes nothing any more
     */
    public boolean isIdle() {
        return task.stage() == Stage.IDLE && underWay.isEmpty();
    }

    /**
     * Whether a lifting is to be waited for: it is not written yet, or the server is not writable again although this
     * fence made it read-only.
     *
     * @return false when all is done that is known to be owed
     */
    public boolean isLifting() {
        return task.stage() == Stage.LIFTING || (task.stage() == Stage.UNDOING && known.made());
    }

    /** A snapshot: one thing is done at a time, and what could not be done is wanted again. */
    Enforcement seen(FenceView snapshot) {
        Rebuilding shown = Rebuilding.in(snapshot);
        FenceStep step = FenceRules.next(snapshot, shown, known.rebuilt(), apart);
        Enforcement next = new Enforcement(
                        snapshot.fence(),
                        apart,
                        now,
                        (shown.isSeen() || snapshot.servers().isRebuilt())
                                        && task.stage().isEnforcing()
                                ? Task.IDLE
                                : task,
                        known.remembered(true).showing(shown),
                        snapshot,
                        underWay,
                        outbox)
                .explained(snapshot, shown);
        if (!next.isIdle()) {
            return next;
        }
        return switch (step.action()) {
            case NOTHING -> next;
            case MAKE_READ_ONLY, COMPARE -> next.begin(Stage.CHECKING, step.action(), step.why());
            case LIFT -> next.begin(Stage.FREEING, step.action(), step.why());
            case END -> next.begin(Stage.ENDING, step.action(), step.why());
        };
    }

    /** Why a dead server with replicas is left alone is what people have to know. */
    private Enforcement explained(FenceView snapshot, Rebuilding shown) {
        List<FleetMember> servers = snapshot.servers().all();
        if (servers.isEmpty() || servers.stream().anyMatch(FleetMember::isReachable)) {
            return with(known.saying(shown.words()));
        }
        return servers.stream()
                .map(FleetMember::key)
                .filter(key -> snapshot.recoveryIsOver()
                        && !snapshot.fleet().replicasOf(key).isEmpty())
                .findFirst()
                .map(key -> tell(new FenceEffect.Explain(fence, snapshot.fleet(), key, known.lastWords())))
                .orElse(this);
    }

    /** The former primary by the names it answers to. */
    String describe() {
        return view == null ? fence.instance().toString() : view.servers().describe();
    }

    boolean isIn(List<Fence> standing) {
        return standing.stream().anyMatch(fence::isSameOrder);
    }

    /** The backend holds it, or does not any more: then somebody has lifted it. */
    Enforcement standing(List<Fence> standing) {
        if (isIn(standing)) {
            return with(known.remembered(true));
        }
        return known.remembered() && task.stage().isEnforcing() ? idle() : this;
    }

    /** The server is made read-only, or only compared, as this fence certainly stands. */
    Enforcement enforce() {
        return task.action() == FenceAction.COMPARE ? to(Stage.LOOKING) : to(Stage.FENCING);
    }

    /** One look has brought nothing new, or what it brought is written down. */
    Enforcement looked() {
        return task.looks() + 1 >= Enforcing.LOOKS
                ? idle()
                : with(task.lookAgain(Enforcing.BETWEEN_LOOKS, now.nanos()));
    }

    /** What was written down for another reason may have been overtaken since. */
    Enforcement begin(Stage stage, FenceAction action, String why) {
        return with(known.concluded(null)).with(Task.begin(stage, action, why, now.nanos()));
    }

    Enforcement to(Stage stage) {
        return with(task.to(stage, now.nanos()));
    }

    Enforcement idle() {
        return with(Task.IDLE);
    }

    Enforcement with(Fence next) {
        return new Enforcement(next, apart, now, task, known, view, underWay, outbox);
    }

    Enforcement with(Task next) {
        return new Enforcement(fence, apart, now, next, known, view, underWay, outbox);
    }

    Enforcement with(Known next) {
        return new Enforcement(fence, apart, now, task, next, view, underWay, outbox);
    }

    Enforcement begun(FenceEffect effect) {
        List<FenceEffect> awaited = new ArrayList<>(underWay);
        List<FenceEffect> untold = new ArrayList<>(outbox);
        if (effect.isAwaited()) {
            awaited.add(effect);
        } else {
            untold.remove(effect);
        }
        return new Enforcement(fence, apart, now, task, known, view, awaited, untold);
    }

    Enforcement ended(FenceEffect effect) {
        List<FenceEffect> left = new ArrayList<>(underWay);
        left.remove(effect);
        return new Enforcement(fence, apart, now, task, known, view, left, outbox);
    }

    Enforcement tell(FenceEffect what) {
        List<FenceEffect> all = new ArrayList<>(outbox);
        all.add(what);
        return new Enforcement(fence, apart, now, task, known, view, underWay, all);
    }

    Enforcement note(Severity severity, String message) {
        return tell(new FenceEffect.Note(severity, message));
    }
}
