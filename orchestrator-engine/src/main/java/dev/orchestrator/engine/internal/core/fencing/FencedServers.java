package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The servers a fence is about: a former primary may come back by another key, beside a member that stands for it under
 * the old one. Its server_uuid says which it is; of several servers that answer with it, as a data directory was copied,
 * nobody knows who was the primary.
 *
 * @param fence the fence
 * @param fleet the snapshot
 */
public record FencedServers(Fence fence, Fleet fleet) {
    /** Members with the server_uuid of the fence, whether they answer or not. */
    List<FleetMember> all() {
        return fleet.members().stream()
                .filter(m -> uuid(m).filter(fence.serverUuid()::equals).isPresent())
                .toList();
    }

    /** Those of them that answer. */
    List<FleetMember> answering() {
        return all().stream().filter(FleetMember::isReachable).toList();
    }

    /** Whether another server answers by the name of the former primary, which answers by none. */
    boolean isRebuilt() {
        return answering().isEmpty()
                && fleet.member(fence.instance())
                        .filter(FleetMember::isReachable)
                        .flatMap(FencedServers::uuid)
                        .filter(u -> !u.isEmpty() && !u.equals(fence.serverUuid()))
                        .isPresent();
    }

    private static Optional<String> uuid(FleetMember member) {
        return member.facts().map(Instance::serverUuid);
    }

    /**
     * Who is sent a command.
     *
     * @param command the command
     * @return the servers that answer with the identity of the former primary, else the key it went by; nobody when
     *     another server has that key now. Only one is made writable again
     */
    public List<InstanceKey> receivers(InstanceCommand command) {
        List<InstanceKey> answering = answering().stream().map(FleetMember::key).toList();
        if (answering.isEmpty()) {
            return isRebuilt() ? List.of() : List.of(fence.instance());
        }
        boolean undoes = command.equals(new InstanceCommand.SetReadOnly(false));
        return undoes && answering.size() > 1 ? List.of(fence.instance()) : answering;
    }

    /**
     * Who is read to see what the former primary holds.
     *
     * @return those that answer, else the key it went by
     */
    public List<InstanceKey> read() {
        List<FleetMember> answering = answering();
        return answering.isEmpty()
                ? List.of(fence.instance())
                : answering.stream().map(FleetMember::key).toList();
    }

    /**
     * How a command ended that was sent to several.
     *
     * @param results how it ended on each
     * @return done where all have done it, else what the first says that has not
     */
    public static StepResult together(List<StepResult> results) {
        return results.stream()
                .filter(r -> !r.isDone())
                .findFirst()
                .orElse(results.isEmpty() ? StepResult.failed("another server has its name now") : StepResult.DONE);
    }

    /** The former primary, and by which keys it answers where that is not the one it had, for people. */
    String describe() {
        List<InstanceKey> answering = read();
        return answering.equals(List.of(fence.instance()))
                ? fence.instance().toString()
                : fence.instance() + ", which answers as "
                        + answering.stream().map(InstanceKey::toString).collect(Collectors.joining(" ")) + ",";
    }
}
