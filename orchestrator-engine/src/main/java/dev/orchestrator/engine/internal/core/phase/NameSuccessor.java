package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Has the backend know who takes over, and that the one before must stay fenced, before the first server becomes
 * writable: from then on whoever goes on with this recovery finishes it. The backend confirms the right to act with it.
 * Where it is not known whether it was written, it is written again; before anything is put back, {@link Unname} takes
 * the name out of the record: whoever found it there would promote that server beside the other.
 */
public final class NameSuccessor implements Phase {
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);
    private static final int ATTEMPTS = 3;

    private final Function<State, InstanceKey> successor;
    private final boolean fences;
    private final BiFunction<State, InstanceKey, List<Effect>> beside;

    private NameSuccessor(
            Function<State, InstanceKey> successor,
            boolean fences,
            BiFunction<State, InstanceKey, List<Effect>> beside) {
        this.successor = successor;
        this.fences = fences;
        this.beside = beside;
    }

    /**
     * For a dead primary: the one that was chosen.
     *
     * @return the phase
     */
    public static NameSuccessor chosen() {
        return new NameSuccessor(
                s -> Objects.requireNonNull(
                        Objects.requireNonNull(s.memory().choice()).chosen()),
                true,
                (s, key) -> List.of());
    }

    /**
     * For a living primary: the one it hands over to, whose receiver is stopped meanwhile.
     *
     * @return the phase
     */
    public static NameSuccessor explicit() {
        return new NameSuccessor(s -> Objects.requireNonNull(s.terms().explicit()), true, HandOver::stopping);
    }

    /**
     * For a dead intermediate source: the one that feeds its replicas from now on. Nobody is promoted, nobody is fenced.
     *
     * @return the phase
     */
    public static NameSuccessor source() {
        return new NameSuccessor(s -> Objects.requireNonNull(s.memory().source()), false, (s, key) -> List.of());
    }

    @Override
    public String name() {
        return PhaseNames.FENCE;
    }

    @Override
    public boolean done(State s) {
        return Succession.isNamed(s) && s.memory().hasPassed(passed(s));
    }

    /** Whoever left this record may have acted by it already: from here there is no way back. */
    private static boolean mayHaveBegun(State s) {
        return s.terms().resumed() && s.memory().fallen() == null;
    }

    /** Each successor is written down by itself. */
    private static String passed(State s) {
        return PhaseNames.FENCE + " " + Succession.named(s);
    }

    @Override
    public List<Effect> wanted(State s) {
        if (!Succession.isNamed(s)) {
            InstanceKey key = successor.apply(s);
            Instance server = s.servers().fleet().instance(key).orElseThrow();
            RecoveryRecord named = s.record().toBuilder()
                    .successor(key)
                    .successorAlias(server.instanceAlias())
                    .successorUuid(server.serverUuid())
                    .promotedAt(null)
                    .gtidsAtPromotion(null)
                    .build();
            return List.of(new Effect.Decide(new Fact.Recorded(named, "")));
        }
        if (s.ledger().isWritten()) {
            String note = !fences
                    ? "its replicas are to replicate from " + Succession.named(s)
                    : s.record().failedUuid().isEmpty()
                            ? "it cannot be fenced: it was never read, so its identity is not known"
                            : "it is remembered that it must stay read-only";
            return List.of(new Effect.Decide(
                    new Fact.Passed(passed(s)), name(), s.terms().primary(), note));
        }
        if (s.ledger().unknowns() >= ATTEMPTS && !mayHaveBegun(s)) {
            return Decisions.giveUp("who is to take over cannot be written down before it is done: "
                    + s.ledger().words());
        }
        List<Effect> effects = new ArrayList<>(beside.apply(s, Objects.requireNonNull(Succession.named(s))));
        Duration rest = s.ledger().isUnknown()
                ? BETWEEN_ATTEMPTS.minus(s.now().since(s.ledger().ended()))
                : Duration.ZERO;
        // By the record: another server that answers there now is not freed of its own fences.
        String uuid = s.record().successorUuid();
        effects.add(
                rest.isNegative() || rest.isZero()
                        ? new Effect.Save(
                                s.record(),
                                s.ledger().version(),
                                fences ? FencesOf.recovery(s) : List.of(),
                                fences ? uuid : "")
                        : new Effect.Wake(rest));
        return effects;
    }
}
