package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.ServerResult;
import dev.orchestrator.api.operation.ServerResult.Ending;
import dev.orchestrator.engine.internal.core.procedure.Announcement;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.StepId;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.core.procedure.StepState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a procedure that has ended did to each server, and how that ended. */
public final class ServerResults {
    private final State end;

    private ServerResults(State end) {
        this.end = end;
    }

    /**
     * Reads the results from the last state.
     *
     * @param end the state of a procedure that has ended
     * @return one for each server that took part, those it was about first
     */
    public static List<ServerResult> of(State end) {
        Set<InstanceKey> servers = new LinkedHashSet<>(end.terms().participants());
        servers.addAll(end.terms().followers());
        end.steps().entrySet().stream()
                .sorted(Comparator.comparingLong(e -> e.getValue().firstBegun()))
                .forEach(e -> servers.add(e.getKey().server()));
        ServerResults results = new ServerResults(end);
        return servers.stream().map(results::one).toList();
    }

    private ServerResult one(InstanceKey server) {
        List<Map.Entry<StepId, StepState>> steps = end.steps().entrySet().stream()
                .filter(e -> e.getKey().server().equals(server))
                .sorted(Comparator.comparingLong(e -> e.getValue().firstBegun()))
                .toList();
        List<String> done = new ArrayList<>();
        steps.stream()
                .filter(e -> e.getValue().isDone())
                .map(e -> e.getKey().what())
                .forEach(done::add);
        if (isFreed(server)) {
            done.add("lift its fence");
        }
        Fleet fleet = end.servers().fleet();
        InstanceKey source = fleet.instance(server)
                .flatMap(Instance::source)
                .map(fleet::canonical)
                .orElse(null);
        if (!end.servers().isCertain(server)) {
            return new ServerResult(server, Ending.UNKNOWN, done, unanswered(steps), source);
        }
        String why = whyNot(server, steps);
        Ending ending = !why.isEmpty() ? Ending.FAILED : done.isEmpty() ? Ending.UNCHANGED : Ending.DONE;
        return new ServerResult(server, ending, done, why, source);
    }

    private boolean isFreed(InstanceKey server) {
        Fleet fleet = end.servers().fleet();
        return end.told().stream()
                .anyMatch(a -> a instanceof Announcement.Lifted lifted
                        && fleet.canonical(lifted.fence().instance()).equals(fleet.canonical(server)));
    }

    /** Nothing that was read since tells whether it was done. */
    private static String unanswered(List<Map.Entry<StepId, StepState>> steps) {
        return steps.stream()
                .filter(e -> e.getValue().inFlight() || e.getValue().endedWith(StepResult.Kind.UNKNOWN))
                .reduce((first, last) -> last)
                .map(e -> e.getKey().what() + ": "
                        + (e.getValue().words().isEmpty()
                                ? "no answer yet"
                                : e.getValue().words()))
                .orElse("no answer yet");
    }

    private String whyNot(InstanceKey server, List<Map.Entry<StepId, StepState>> steps) {
        String settled = end.memory().settled().getOrDefault(server, "");
        if (!settled.isEmpty() || steps.isEmpty() || end.end() == Effect.End.SUCCEEDED) {
            return settled;
        }
        return Objects.requireNonNullElseGet(
                end.memory().givenUp(),
                () -> Objects.requireNonNullElse(end.rightLost(), "it did not come to its end"));
    }
}
