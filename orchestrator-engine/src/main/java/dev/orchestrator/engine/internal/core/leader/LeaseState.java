package dev.orchestrator.engine.internal.core.leader;

import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * All that a node knows of a lease that it stands for. A value: {@link #fold} yields the next one. Whether the lease is
 * held is computed from the moment at which the last successful renewal was <em>begun</em>, never from an answer's
 * arrival: a backend that hangs, a long pause of the process or a slow renewal cannot make it look held longer than it is.
 *
 * @param terms how it is kept
 * @param isVoted whether it must be asked before a free lease is taken
 * @param tenure what was granted, null when nothing is held
 * @param succeeded the lease that listeners still know the present one by, null when they know it
 * @param barredUntil the reading until which this node does not stand, null when it may
 * @param answered whether the backend answered the last turn
 * @param closed whether the node has ended
 * @param errand what the backend is being asked, null for nothing
 * @param leaving leases that are being given up
 */
public record LeaseState(
        LeaseSettings terms,
        boolean isVoted,
        @Nullable HeldLease tenure,
        @Nullable Lease succeeded,
        @Nullable Long barredUntil,
        boolean answered,
        boolean closed,
        @Nullable Errand errand,
        List<Leaving> leaving) {
    /** Copies the list. */
    public LeaseState {
        leaving = List.copyOf(leaving);
    }

    /**
     * A node that has not stood yet.
     *
     * @param terms how the lease is kept
     * @param isVoted whether it must be asked before a free lease is taken
     * @return the state
     */
    public static LeaseState begin(LeaseSettings terms, boolean isVoted) {
        return new LeaseState(terms, isVoted, null, null, null, true, false, null, List.of());
    }

    /**
     * The state after something happened.
     *
     * @param event what happened
     * @return the next state
     */
    public LeaseState fold(LeaseEvent event) {
        return event.on(this);
    }

    /**
     * What the backend is to be asked now, by whoever carries out the errand in hand.
     *
     * @return empty when the errand is done
     */
    public Optional<LeaseEffect> asks() {
        return Optional.ofNullable(errand).map(Errand::wants);
    }

    /**
     * What is wanted for leases that are being given up, whatever else goes on.
     *
     * @param nanos the present ticker reading
     * @return what to wait for and what to give up
     */
    public List<LeaseEffect> leaves(long nanos) {
        List<LeaseEffect> wanted = new ArrayList<>();
        for (Leaving one : leaving) {
            Lease lease = one.tenure().lease();
            long left = Math.max(0, one.tenure().endNanos() - nanos);
            wanted.add(
                    one.isQuiet()
                            ? new LeaseEffect.Release(lease)
                            : new LeaseEffect.AwaitQuiescence(lease, Duration.ofNanos(left)));
        }
        return wanted;
    }

    /**
     * Whether this node leads.
     *
     * @param nanos the present ticker reading
     * @return unknown while the backend does not answer, and from the end of a tenure until it has answered again
     */
    public Standing standing(long nanos) {
        if (heldAt(nanos).isPresent()) {
            return Standing.LEADING;
        }
        boolean expiredUnnoticed = tenure != null && tenure.isOverAt(nanos);
        return closed || (answered && !expiredUnnoticed) ? Standing.NOT_LEADING : Standing.UNKNOWN;
    }

    /**
     * What is certain to be held.
     *
     * @param nanos the present ticker reading
     * @return empty when nothing is
     */
    public Optional<HeldLease> heldAt(long nanos) {
        return Optional.ofNullable(tenure).filter(t -> t.holdsAt(nanos));
    }

    /**
     * Whether a lease is the one that was granted last.
     *
     * @param lease the lease
     * @return false when it was given up or another one replaced it
     */
    public boolean isOf(Lease lease) {
        return tenure != null && tenure.lease().equals(lease);
    }

    /**
     * Whether listeners have to be told, now or at another time than before.
     *
     * @param before an earlier state
     * @return true when what they are to know changed
     */
    public boolean isToldAnew(LeaseState before) {
        return !Objects.equals(tenure, before.tenure) || !Objects.equals(succeeded, before.succeeded);
    }

    /**
     * For how long the lease is certain to be held.
     *
     * @param nanos the present ticker reading
     * @return nothing when it is not held
     */
    public Duration certainFor(long nanos) {
        return heldAt(nanos).map(t -> Duration.ofNanos(t.endNanos() - nanos)).orElse(Duration.ZERO);
    }

    /**
     * What listeners are to know.
     *
     * @param nanos the present ticker reading
     * @return the epoch that this node leads in as far as they know, empty when it does not
     */
    public OptionalLong epochToTell(long nanos) {
        Lease before = succeeded;
        return heldAt(nanos)
                .map(t -> OptionalLong.of(before == null ? t.lease().epoch() : before.epoch()))
                .orElseGet(OptionalLong::empty);
    }

    /**
     * When what listeners are to know changes by itself.
     *
     * @param nanos the present ticker reading
     * @return null when it does not
     */
    public @Nullable Duration changesIn(long nanos) {
        HeldLease now = tenure;
        if (now == null) {
            return null;
        }
        long next = nanos - now.beginNanos() < 0 ? now.beginNanos() : now.endNanos();
        return Duration.ofNanos(next - nanos);
    }

    /**
     * When the next turn is due: sooner than usual when the grant took so long that little of the lease is left, and soon
     * after a renewal that failed.
     *
     * @param nanos the present ticker reading
     * @param spread around 1, so that nodes that stand for the lease do not ask in step
     * @return how long from now
     */
    public Duration untilNextTurn(long nanos, double spread) {
        if (tenure == null) {
            return Duration.ofNanos((long) (terms.attemptInterval().toNanos() * spread));
        }
        if (!answered) {
            return terms.retryInterval();
        }
        Duration third = certainFor(nanos).dividedBy(3);
        return third.compareTo(terms.renewInterval()) < 0 && !third.isZero() ? third : terms.renewInterval();
    }

    LeaseState turnDue(long at) {
        if (tenure != null) {
            return doing(Errand.Kind.TURN, new LeaseEffect.Renew(tenure.lease()));
        }
        LeaseState free = unbarred(at);
        return free.mayStand()
                ? free.doing(Errand.Kind.TURN, isVoted ? new LeaseEffect.Look() : new LeaseEffect.Acquire())
                : free.with(null, true);
    }

    LeaseState seen(Optional<String> token, long at) {
        if (isOn(Errand.Kind.TURN)) {
            return token.isEmpty() ? doing(Errand.Kind.TURN, new LeaseEffect.Vote()) : done();
        }
        if (token.isEmpty()) {
            return done();
        }
        if (tenure != null && tenure.lease().token().equals(token.get())) {
            return done().givenUp(Duration.ZERO, at);
        }
        return doing(Errand.Kind.VACATE, new LeaseEffect.Seize());
    }

    LeaseState voted(boolean may, long at) {
        LeaseState free = unbarred(at);
        return may && free.mayStand() ? free.doing(Errand.Kind.TURN, new LeaseEffect.Acquire()) : free.done();
    }

    LeaseState granted(Lease lease, long begun, long notBefore) {
        if (closed) {
            return doing(kind(), new LeaseEffect.Release(lease));
        }
        HeldLease next =
                new HeldLease(lease, notBefore, begun + terms.certainty().toNanos());
        return with(next, succeeded, null).done();
    }

    /** Somebody has it: who seizes it goes on, unless it is this node. */
    LeaseState notFree() {
        if (!isOn(Errand.Kind.SEIZE)) {
            return done();
        }
        return doing(
                Errand.Kind.SEIZE, tenure == null ? new LeaseEffect.Seize() : new LeaseEffect.Renew(tenure.lease()));
    }

    LeaseState renewed(Lease lease, boolean held, long begun) {
        if (!held && isOn(Errand.Kind.SEIZE)) {
            return doing(Errand.Kind.SEIZE, new LeaseEffect.Seize());
        }
        HeldLease now = tenure;
        if (now == null || !now.lease().equals(lease)) {
            return done();
        }
        HeldLease next = held ? now.extendedTo(begun + terms.certainty().toNanos()) : null;
        return with(next, succeeded, barredUntil).done();
    }

    /**
     * The former leader may act until its own lease is over: it learns of this at its next renewal only. Who vacates takes
     * the lease for just that long, without acting under it, and lets it run out; so does who was closed meanwhile.
     */
    LeaseState seized(Lease lease, long begun, long at) {
        return closed || isOn(Errand.Kind.VACATE)
                ? done()
                : granted(lease, begun, at + terms.ttl().toNanos());
    }

    LeaseState succeededBy(Lease former, Lease next, long begun) {
        if (closed || !isOf(former)) {
            return this;
        }
        return with(new HeldLease(next, begun, begun + terms.certainty().toNanos()), former, barredUntil);
    }

    LeaseState announced() {
        return with(tenure, null, barredUntil);
    }

    /** Acts under it no longer, at once; others may have it when what was begun is over. */
    LeaseState givenUp(Duration bar, long at) {
        HeldLease former = tenure;
        if (former == null) {
            return this;
        }
        LeaseState without = with(null, succeeded, barredUntil).barredFor(bar, at);
        if (at - former.beginNanos() < 0) {
            // The leader before it may still act: it is left to run out.
            return without;
        }
        List<Leaving> all = new ArrayList<>(leaving);
        all.add(new Leaving(former, false));
        return without.leaving(all);
    }

    LeaseState quiet(Lease lease) {
        return leaving(leaving.stream()
                .map(l -> l.tenure().lease().equals(lease) ? new Leaving(l.tenure(), true) : l)
                .toList());
    }

    LeaseState left(Lease lease) {
        return leaving(
                leaving.stream().filter(l -> !l.tenure().lease().equals(lease)).toList());
    }

    LeaseState closing() {
        return new LeaseState(terms, isVoted, tenure, succeeded, barredUntil, answered, true, errand, leaving);
    }

    LeaseState barredFor(Duration bar, long at) {
        return with(tenure, succeeded, at + bar.toNanos());
    }

    LeaseState failed() {
        return with(null, !isOn(Errand.Kind.TURN) && answered);
    }

    LeaseState doing(Errand.Kind kind, LeaseEffect wants) {
        return with(new Errand(kind, wants), answered);
    }

    LeaseState doneWith(LeaseEffect effect) {
        return asks().filter(effect::equals).isPresent() ? done() : this;
    }

    private LeaseState done() {
        return with(null, isOn(Errand.Kind.TURN) || answered);
    }

    private Errand.Kind kind() {
        return errand == null ? Errand.Kind.TURN : errand.kind();
    }

    private boolean isOn(Errand.Kind kind) {
        return errand != null && errand.kind() == kind;
    }

    private boolean mayStand() {
        return terms.candidate() && barredUntil == null && !closed;
    }

    private LeaseState unbarred(long at) {
        return barredUntil != null && at - barredUntil >= 0 ? with(tenure, succeeded, null) : this;
    }

    private LeaseState with(@Nullable HeldLease next, @Nullable Lease knownAs, @Nullable Long barred) {
        return new LeaseState(terms, isVoted, next, knownAs, barred, answered, closed, errand, leaving);
    }

    private LeaseState with(@Nullable Errand next, boolean hasAnswered) {
        return new LeaseState(terms, isVoted, tenure, succeeded, barredUntil, hasAnswered, closed, next, leaving);
    }

    private LeaseState leaving(List<Leaving> next) {
        return new LeaseState(terms, isVoted, tenure, succeeded, barredUntil, answered, closed, errand, next);
    }
}
