package dev.orchestrator.engine.internal.core.fencing;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.plan.InstanceCommand.KillClients;
import dev.orchestrator.api.plan.InstanceCommand.SetReadOnly;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is done about a fence, step by step: "old" was replaced by "new". */
class EnforcementTest {
    private static final Instant START = Instant.parse("2026-11-27T10:00:00Z");
    private static final String SERVER = "6c1d4f10-0000-0000-0000-000000000001";
    private static final Fence FENCE = new Fence(
            MemberBuilder.uuid("old"),
            key("old"),
            FleetBuilder.CLUSTER,
            key("new"),
            "uid",
            FenceState.PENDING,
            "",
            START);

    private long nanos = 1;
    private Enforcement state = Enforcement.begin(FENCE, Duration.ofSeconds(5), now());

    private Moment now() {
        return new Moment(START.plusNanos(nanos), nanos);
    }

    private void tell(Function<Moment, FenceEvent> event) {
        state = state.fold(event.apply(now()));
    }

    /** What is wanted beside what people are told; it has begun. */
    private <T extends FenceEffect> T begin(Class<T> kind) {
        List<FenceEffect> wanted = state.next();
        wanted.forEach(e -> tell(at -> new FenceEvent.Begun(e, at)));
        return wanted.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("wanted is " + wanted + ", not " + kind.getSimpleName()));
    }

    private FenceEffect.Send sending() {
        return begin(FenceEffect.Send.class);
    }

    private void sent(StepResult result) {
        FenceEffect.Send send = sending();
        tell(at -> new FenceEvent.Sent(send, result, at));
    }

    private Duration pauseAfter(StepResult result) {
        sent(result);
        return begin(FenceEffect.Wake.class).in();
    }

    private void passes(Duration time) {
        nanos += time.toNanos();
        tell(FenceEvent.Woke::new);
    }

    private void checked(Fence... standing) {
        FenceEffect.Check check = begin(FenceEffect.Check.class);
        tell(at -> new FenceEvent.Checked(check, List.of(standing), at));
    }

    private void saved(FenceState expected) {
        FenceEffect.Save save = begin(FenceEffect.Save.class);
        assertThat(save.state()).isEqualTo(expected);
        tell(at -> new FenceEvent.Saved(save, true, at));
    }

    private void read(boolean oldIsWritable) {
        FenceEffect.Read read = begin(FenceEffect.Read.class);
        FleetBuilder builder = new FleetBuilder(START)
                .primary("new")
                .primary("old")
                .with(m -> m.executed(SERVER + ":1-100"), "old", "new");
        Fleet fleet = oldIsWritable
                ? builder.build()
                : builder.with(m -> m.facts(f -> f.readOnly(true)), "old").build();
        tell(at -> new FenceEvent.Read(read, fleet, key("new"), at));
    }

    private void ordered() {
        tell(at -> new FenceEvent.Ordered(FENCE, at));
    }

    private void comesBackAndIsCompared() {
        ordered();
        sent(StepResult.DONE);
        checked(FENCE);
        saved(FenceState.FENCED);
        sent(StepResult.DONE);
        read(false);
        saved(FenceState.CLEAN);
    }

    private void looksUntilItIsOver() {
        while (!state.isIdle()) {
            passes(Enforcing.BETWEEN_LOOKS);
            read(false);
        }
    }

    @Test
    void whoDoesNotAnswerIsAskedOftenAtFirstAndSeldomLater() {
        ordered();
        assertThat(pauseAfter(StepResult.unknown("no answer"))).isEqualTo(Duration.ofMillis(100));
        passes(Duration.ofSeconds(119));
        assertThat(pauseAfter(StepResult.unknown("no answer"))).isEqualTo(Duration.ofMillis(100));
        passes(Duration.ofSeconds(1));
        assertThat(pauseAfter(StepResult.unknown("no answer"))).isEqualTo(Duration.ofSeconds(3));
        passes(Duration.ofSeconds(3));
        assertThat(pauseAfter(StepResult.failed("another server"))).isEqualTo(Duration.ofSeconds(1));
        passes(Duration.ofSeconds(1));
        assertThat(pauseAfter(StepResult.NOT_YET)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void whoIsBackIsReadOnlyFirstAndThenLosesItsClientsAndIsCompared() {
        ordered();
        assertThat(sending().command()).isEqualTo(new SetReadOnly(true));
        assertThat(state.next()).as("while it is on its way").isEmpty();
        tell(at -> new FenceEvent.Sent(
                new FenceEffect.Send(new SetReadOnly(true), Duration.ofMillis(1500)), StepResult.DONE, at));
        checked(FENCE);
        saved(FenceState.FENCED);
        FenceEffect.Send kill = sending();
        assertThat(kill.command()).isEqualTo(new KillClients());
        tell(at -> new FenceEvent.Sent(kill, StepResult.unknown("no answer"), at));
        read(false);
        saved(FenceState.CLEAN);
        assertThat(state.outbox())
                .filteredOn(FenceEffect.Tell.class::isInstance)
                .extracting(e -> ((FenceEffect.Tell) e).type())
                .containsExactly("former-primary-clean");
        looksUntilItIsOver();
    }

    @Test
    void whoIsFoundWritableWhileItIsComparedIsFencedAgain() {
        comesBackAndIsCompared();
        passes(Enforcing.BETWEEN_LOOKS);
        read(true);
        checked(FENCE);
        assertThat(sending().command()).isEqualTo(new SetReadOnly(true));
    }

    @Test
    void whoWasFreedOnAnotherNodeWhileItIsComparedIsLeftAlone() {
        comesBackAndIsCompared();
        passes(Enforcing.BETWEEN_LOOKS);
        read(true);
        checked();
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void aCommandThatWasOnItsWayWhenTheFenceWasLiftedIsTakenBack() {
        ordered();
        FenceEffect.Send send = sending();
        tell(at -> new FenceEvent.LiftAsked("given up", at));
        saved(FenceState.LIFTED);
        assertThat(state.next()).as("before it is known").isEmpty();
        tell(at -> new FenceEvent.Sent(send, StepResult.DONE, at));
        assertThat(state.isLifting()).isTrue();
        assertThat(sending().command()).isEqualTo(new SetReadOnly(false));
    }

    @Test
    void whatIsNotKnownToBeDoneIsNotTakenBack() {
        ordered();
        FenceEffect.Send send = sending();
        tell(at -> new FenceEvent.LiftAsked("given up", at));
        saved(FenceState.LIFTED);
        tell(at -> new FenceEvent.Sent(send, StepResult.unknown("no answer"), at));
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void aServerThatWasComparedLongAgoIsWritableAgainWhenItsFenceIsLifted() {
        comesBackAndIsCompared();
        looksUntilItIsOver();
        tell(at -> new FenceEvent.LiftAsked("given up", at));
        saved(FenceState.LIFTED);
        sent(StepResult.DONE);
        assertThat(state.isIdle()).isTrue();
        assertThat(state.outbox())
                .contains(new FenceEffect.Tell("fence-lifted", "made writable again: the recovery was given up"));
    }

    @Test
    void aWriteOfAnEarlierStageIsNotTakenForTheLifting() {
        ordered();
        sent(StepResult.DONE);
        checked(FENCE);
        FenceEffect.Save fenced = begin(FenceEffect.Save.class);
        tell(at -> new FenceEvent.LiftAsked("given up", at));
        assertThat(state.next()).as("one write after the other").isEmpty();
        tell(at -> new FenceEvent.Saved(fenced, true, at));
        saved(FenceState.LIFTED);
    }

    @Test
    void whatTheBackendDoesNotHoldYetIsNotLifted() {
        ordered();
        tell(at -> new FenceEvent.Standing(List.of(), at));
        sent(StepResult.DONE);
        checked();
        saved(FenceState.FENCED);
    }

    @Test
    void whatTheBackendHeldAndHoldsNoLongerIsLeftAlone() {
        ordered();
        tell(at -> new FenceEvent.Standing(List.of(FENCE), at));
        tell(at -> new FenceEvent.Standing(List.of(), at));
        assertThat(state.isIdle()).isTrue();
    }
}
