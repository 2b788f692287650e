package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.fencing.FenceStep.FenceAction;
import dev.orchestrator.engine.internal.core.fencing.Task.Stage;
import dev.orchestrator.engine.internal.core.procedure.Severity;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What each event changes about a fence, the time being noted already. */
final class EnforcementFold implements FenceEvent.Cases<Enforcement> {
    private static final String NOT_MINE = "this fence is somebody else's now, or was lifted; it is left alone";
    private static final String NOT_UNDONE = "a server that was fenced for nothing cannot be made writable again";

    private final Enforcement timed;

    EnforcementFold(Enforcement timed) {
        this.timed = timed;
    }

    private boolean isAt(Stage stage) {
        return timed.task().stage() == stage;
    }

    @Override
    public Enforcement ordered(FenceEvent.Ordered e) {
        if (timed.known().closed() || !isAt(Stage.IDLE)) {
            return timed;
        }
        return timed.with(e.fence())
                .with(timed.known().remembered(false))
                .begin(Stage.FENCING, FenceAction.MAKE_READ_ONLY, "it came back");
    }

    @Override
    public Enforcement seen(FenceEvent.Seen e) {
        return timed.known().closed() ? timed : timed.seen(e.view());
    }

    @Override
    public Enforcement standing(FenceEvent.Standing e) {
        return timed.standing(e.standing());
    }

    @Override
    public Enforcement begun(FenceEvent.Begun e) {
        return timed.begun(e.effect());
    }

    @Override
    public Enforcement checked(FenceEvent.Checked e) {
        Enforcement next = timed.ended(e.effect()).standing(e.standing());
        boolean unchanged = e.standing().stream()
                .anyMatch(f -> f.isSameOrder(next.fence())
                        && f.since().equals(next.fence().since()));
        return switch (next.task().stage()) {
            case CHECKING -> unchanged ? next.enforce() : next.idle();
            case CONFIRMING -> confirmed(next);
            default -> next;
        };
    }

    private static Enforcement confirmed(Enforcement next) {
        String told = next.describe() + " was made read-only, as "
                + next.fence().successor() + " took over in recovery "
                + next.fence().recoveryUid() + ": "
                + next.task().why();
        return next.to(Stage.NOTING).tell(new FenceEffect.Tell("fenced", told));
    }

    @Override
    public Enforcement sent(FenceEvent.Sent e) {
        Enforcement next = timed.ended(e.effect());
        InstanceCommand command = e.effect().command();
        if (command instanceof InstanceCommand.SetReadOnly set) {
            return set.readOnly() ? fenced(next, e.result()) : undone(next, e.result());
        }
        if (!isAt(Stage.KILLING)) {
            return next;
        }
        Enforcement looking = next.to(Stage.LOOKING);
        return e.result().isDone()
                ? looking
                : looking.note(
                        Severity.WARN,
                        "the clients of a fenced former primary are still connected: "
                                + e.result().words());
    }

    private Enforcement fenced(Enforcement next, StepResult result) {
        Enforcement known = result.isDone() ? next.with(next.known().made(true)) : next;
        if (!isAt(Stage.FENCING)) {
            return known;
        }
        if (result.isDone()) {
            return known.to(Stage.CONFIRMING);
        }
        Enforcement later = known.with(known.task()
                .pause(
                        Enforcing.pauseAfter(
                                result, known.now().since(known.task().begunNanos())),
                        known.now().nanos()));
        return result.kind() == StepResult.Kind.FAILED
                ? later.note(Severity.DEBUG, "a former primary refused to be fenced: " + result.words())
                : later;
    }

    private Enforcement undone(Enforcement next, StepResult result) {
        if (result.isDone()) {
            return next.with(next.known().made(false))
                    .idle()
                    .tell(new FenceEffect.Tell("fence-lifted", "made writable again: the recovery was given up"));
        }
        return isAt(Stage.UNDOING) ? next.idle().note(Severity.ERROR, NOT_UNDONE + ": " + result.words()) : next;
    }

    @Override
    public Enforcement read(FenceEvent.Read e) {
        Enforcement next = timed.ended(e.effect());
        if (!isAt(Stage.LOOKING)) {
            return next;
        }
        List<Instance> former = new FencedServers(next.fence(), e.fleet())
                .answering().stream().flatMap(m -> m.facts().stream()).toList();
        // Who became writable again while it was looked at is not looked at but fenced, though nobody else answers;
        // unless somebody freed it on another node.
        if (former.stream().anyMatch(Instance::isWritable)) {
            return next.begin(Stage.CHECKING, FenceAction.MAKE_READ_ONLY, "it became writable again and must not be");
        }
        Optional<Instance> primary = answering(e.fleet(), e.primary());
        return former.isEmpty() || primary.isEmpty()
                ? next.looked()
                : compared(next, former, primary.get(), e.primary());
    }

    private static Optional<Instance> answering(Fleet fleet, InstanceKey key) {
        return fleet.member(key).filter(FleetMember::isReachable).flatMap(FleetMember::facts);
    }

    private static Enforcement compared(Enforcement next, List<Instance> former, Instance primary, InstanceKey key) {
        GtidSet returned = former.stream().map(Instance::executedGtids).reduce(GtidSet.empty(), GtidSet::union);
        DataLoss losses = DataLoss.atReturn(next.fence().instance(), returned, primary.executedGtids(), key);
        return losses.gtids().equals(next.known().concluded())
                ? next.looked()
                : next.with(next.task().found(new Finding(losses, primary.executedGtids())));
    }

    @Override
    public Enforcement saved(FenceEvent.Saved e) {
        Enforcement next = timed.ended(e.effect());
        if (!isOfThisStage(e.effect())) {
            return next;
        }
        Enforcement said = e.written() ? next : next.note(Severity.INFO, NOT_MINE);
        return switch (timed.task().stage()) {
            case LIFTING -> said.to(Stage.UNDOING);
            case NOTING -> e.written() ? said.with(said.known().concluded(null)).to(Stage.KILLING) : said.idle();
            case CONCLUDING ->
                e.written() ? concluded(said, Objects.requireNonNull(said.task().finding())) : said.idle();
            case FREEING, IDLE, CHECKING, FENCING, CONFIRMING, KILLING, LOOKING, ENDING, UNDOING -> said.idle();
        };
    }

    /** A write of an earlier stage may still have been under way. */
    private boolean isOfThisStage(FenceEffect.Save save) {
        return switch (save.state()) {
            case FENCED -> isAt(Stage.NOTING);
            case CLEAN, AHEAD -> isAt(Stage.CONCLUDING);
            case LIFTED -> isAt(Stage.LIFTING) || isAt(Stage.FREEING);
            case PENDING -> false;
        };
    }

    private static Enforcement concluded(Enforcement next, Finding finding) {
        return next.with(next.known().concluded(finding.losses().gtids()))
                .tell(new FenceEffect.Tell(finding.auditType(), finding.losses().note()))
                .tell(new FenceEffect.Complete(next.fence(), finding.losses(), finding.held()))
                .looked();
    }

    @Override
    public Enforcement endTried(FenceEvent.EndTried e) {
        Enforcement next = timed.ended(e.effect());
        Enforcement known = e.note()
                .map(note -> next.with(next.known().ended())
                        .tell(new FenceEffect.Tell(
                                "fence-ended", "the fence of " + next.fence().instance() + " has ended: " + note)))
                .orElse(next);
        return isAt(Stage.ENDING) ? known.idle() : known;
    }

    @Override
    public Enforcement failed(FenceEvent.Failed e) {
        FenceEffect effect = e.effect();
        Enforcement next = timed.ended(effect);
        if (effect instanceof FenceEffect.Send send) {
            return sent(new FenceEvent.Sent(send, StepResult.unknown(e.words()), e.at()));
        }
        if (effect instanceof FenceEffect.Check && isAt(Stage.CONFIRMING)) {
            return confirmed(
                    next.note(Severity.DEBUG, "whether a fence still stands cannot be read; it does: " + e.words()));
        }
        if (effect instanceof FenceEffect.Read && isAt(Stage.LOOKING)) {
            return next.looked();
        }
        boolean wanted = (effect instanceof FenceEffect.Check && isAt(Stage.CHECKING))
                || (effect instanceof FenceEffect.End && isAt(Stage.ENDING))
                || (effect instanceof FenceEffect.Save save && isOfThisStage(save));
        if (wanted) {
            return stopped(next, e.words());
        }
        return effect.isAwaited() ? next : next.note(Severity.WARN, e.words());
    }

    @Override
    public Enforcement liftAsked(FenceEvent.LiftAsked e) {
        return timed.task().stage().isTakingBack() ? timed : timed.begin(Stage.LIFTING, FenceAction.LIFT, e.why());
    }

    @Override
    public Enforcement released(FenceEvent.Released e) {
        return timed.with(timed.known().made(false)).idle();
    }

    @Override
    public Enforcement rightLost(FenceEvent.RightLost e) {
        return isAt(Stage.IDLE) ? timed : stopped(timed, e.why());
    }

    private static Enforcement stopped(Enforcement next, String why) {
        return switch (next.task().stage()) {
            case LIFTING ->
                next.idle()
                        .note(
                                Severity.ERROR,
                                "a fence cannot be lifted in the backend; it holds until its recovery is known to have"
                                        + " promoted nobody: " + why);
            case UNDOING -> next.idle().note(Severity.ERROR, NOT_UNDONE + ": " + why);
            default -> next.idle().note(Severity.INFO, "this node does not enforce the fence any more: " + why);
        };
    }

    @Override
    public Enforcement woke(FenceEvent.Woke e) {
        return timed;
    }

    @Override
    public Enforcement closed(FenceEvent.Closed e) {
        Enforcement closing = timed.with(timed.known().closing());
        return timed.task().stage().isTakingBack() ? closing : closing.idle();
    }
}
