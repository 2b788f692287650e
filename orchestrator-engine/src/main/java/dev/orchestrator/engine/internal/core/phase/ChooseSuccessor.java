package dev.orchestrator.engine.internal.core.phase;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.candidate.CandidateChooser;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.candidate.ChoicePolicy;
import dev.orchestrator.engine.internal.core.candidate.ChoiceRequest;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Phase;
import dev.orchestrator.engine.internal.core.procedure.PhaseNames;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Chooses the replica that takes over, by what all hold now; again whenever the chosen one turns out to be unable. */
public final class ChooseSuccessor implements Phase {
    @Override
    public String name() {
        return PhaseNames.CHOOSE;
    }

    @Override
    public boolean done(State s) {
        return Succession.isNamed(s) || s.memory().choice() != null;
    }

    @Override
    public List<Effect> wanted(State s) {
        if (isBack(s)) {
            return Decisions.giveUp(s.terms().primary() + " answers again");
        }
        if (s.memory().rejections() > 2 * s.terms().replicas().size() + 2) {
            return Decisions.giveUp(
                    "no replica could be brought to take over in " + s.memory().rejections() + " attempts");
        }
        Choice choice = choose(s, true);
        if (choice.chosen() == null) {
            return comesLate(s)
                    .<List<Effect>>map(left -> List.of(new Effect.Wake(left)))
                    .orElseGet(() -> Decisions.giveUp(choice.explanation()));
        }
        String acknowledged = acknowledgedElsewhere(s, choice);
        if (!acknowledged.isEmpty()) {
            return Decisions.giveUp(acknowledged);
        }
        List<Effect.Note> notes = new ArrayList<>();
        new TreeMap<>(choice.excluded())
                .forEach((key, why) -> notes.add(new Effect.Note(PhaseNames.CHOOSE, key, "not chosen: " + why)));
        notes.add(new Effect.Note(PhaseNames.CHOOSE, choice.chosen(), choice.explanation()));
        return List.of(new Effect.Decide(new Fact.Chosen(choice), notes));
    }

    /**
     * Whether the failed primary answers again and goes on as the primary. Not when a successor was writable meanwhile and
     * one of the others holds what was written there: that is not given up for a primary that never had it.
     */
    static boolean isBack(State s) {
        Instance primary = s.answering(s.terms().primary()).orElse(null);
        if (primary == null || s.memory().fallen() == null) {
            return primary != null;
        }
        Heritage heritage = new Heritage(s);
        return s.terms().participants().stream()
                .flatMap(k -> s.answering(k).stream())
                .allMatch(i -> heritage.received(i).isSubsetOf(primary.executedGtids()));
    }

    /** Nobody can take over now: how long one is waited for that could if only its receiver had stopped; empty when none is. */
    private static Optional<Duration> comesLate(State s) {
        return choose(s, false).ranking().stream()
                .flatMap(k -> StopReceivers.patienceLeft(s, k).stream())
                .findFirst();
    }

    private static Choice choose(State s, boolean receiversStopped) {
        Map<InstanceKey, String> banned = new HashMap<>(s.terms().leftAlone());
        banned.putAll(s.memory().rejected());
        return CandidateChooser.choose(new ChoiceRequest(
                s.servers().fleet(),
                s.terms().primary(),
                s.memory().allFallen(),
                s.terms().replicas(),
                s.terms().rules(),
                banned,
                s.terms().explicit(),
                receiversStopped,
                GtidSet.empty(),
                ChoicePolicy.of(
                        s.terms().config(),
                        s.servers().fleet(),
                        s.terms().primary(),
                        s.terms().automatic())));
    }

    /**
     * With semi-sync on, what a replica received may have been acknowledged to a client. As long as that replica stands
     * there and only cannot hand it on, an operator has to say that it may be left behind.
     */
    private static String acknowledgedElsewhere(State s, Choice choice) {
        boolean semiSync = s.servers()
                .fleet()
                .instance(s.terms().primary())
                .filter(i -> i.semiSync().sourceActive())
                .isPresent();
        List<InstanceKey> standing = choice.strandedIn().stream()
                .filter(k -> s.answering(k).isPresent())
                .toList();
        if (!semiSync || !s.terms().automatic() || standing.isEmpty()) {
            return "";
        }
        return "only " + standing + " received " + choice.stranded()
                + ", which may have been acknowledged (semi-sync), and cannot hand it on: "
                + standing.stream()
                        .map(k -> k + ": " + choice.excluded().getOrDefault(k, "cannot be followed"))
                        .toList()
                + "; mend it, or order the recovery by hand";
    }

    /** Whether another one could be promoted without being brought anything by the chosen one. */
    static boolean hasAlternative(State s, Choice choice) {
        Heritage heritage = new Heritage(s);
        return choice.ranking().stream()
                .filter(k -> !k.equals(choice.chosen()))
                .flatMap(k -> s.servers().fleet().instance(k).stream())
                .anyMatch(i -> choice.target().isSubsetOf(heritage.received(i)));
    }
}
