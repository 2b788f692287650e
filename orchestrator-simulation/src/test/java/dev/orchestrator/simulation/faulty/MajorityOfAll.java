package dev.orchestrator.simulation.faulty;

import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.State;
import java.util.List;

/** Who is newer, or logs in a richer format, than most is left out, also where most could not take over themselves. */
final class MajorityOfAll {
    private MajorityOfAll() {}

    /** In the place of what is wanted by who counts those that are fit. */
    static List<Effect> chosen(State s, List<Effect> wanted) {
        return wanted.stream()
                .map(e -> e instanceof Effect.Decide decide
                                && decide.fact() instanceof Fact.Chosen chosen
                                && isTooMuchForMost(s, chosen.choice())
                        ? new Effect.Decide(new Fact.GivenUp("no replica may be promoted: what "
                                + chosen.choice().chosen() + " logs is more than most of its siblings can follow"))
                        : e)
                .toList();
    }

    private static boolean isTooMuchForMost(State s, Choice choice) {
        List<Instance> all = s.terms().participants().stream()
                .flatMap(k -> s.answering(k).stream())
                .toList();
        return choice.ranking().stream().allMatch(k -> isTooMuchForMost(k, all));
    }

    private static boolean isTooMuchForMost(InstanceKey key, List<Instance> all) {
        return all.stream()
                .filter(i -> i.key().equals(key))
                .anyMatch(me -> 2 * all.stream().filter(i -> isLess(i, me)).count() > all.size());
    }

    private static boolean isLess(Instance one, Instance other) {
        ServerVersion mine = one.version();
        ServerVersion its = other.version();
        boolean older = mine.major() != its.major() ? mine.major() < its.major() : mine.minor() < its.minor();
        return older
                || (one.binlogFormat().equals("STATEMENT")
                        && !other.binlogFormat().equals("STATEMENT"));
    }
}
