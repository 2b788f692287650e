package dev.orchestrator.engine.internal.core.operation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.operation.Operation;
import java.util.List;
import java.util.Objects;

/** Which procedure carries out which operation. Switchovers keep a record and are bound elsewhere. */
public final class OperationProcedures {
    private final Fleet fleet;
    private final OrchestratorConfig config;
    private final List<Fence> fences;

    /**
     * The bindings on a picture.
     *
     * @param fleet a fresh picture
     * @param config the settings
     * @param fences servers that must stay read-only
     */
    public OperationProcedures(Fleet fleet, OrchestratorConfig config, List<Fence> fences) {
        this.fleet = fleet;
        this.config = config;
        this.fences = List.copyOf(fences);
    }

    /**
     * What would be done for a wish.
     *
     * @param wish the wish; no switchover
     * @param actor who has it, for people
     * @return the procedure, or the refusal
     */
    public Proposal propose(Operation wish, String actor) {
        return switch (wish.kind()) {
            case RELOCATE, MOVE_GTID ->
                new MoveReplica(fleet, config).propose(wish.instance(), Objects.requireNonNull(wish.destination()));
            case START_REPLICA ->
                new ControlReplication(fleet, config).propose(wish.instance(), "start replication on", false, true);
            case STOP_REPLICA ->
                new ControlReplication(fleet, config).propose(wish.instance(), "stop replication on", true, false);
            case RESTART_REPLICA ->
                new ControlReplication(fleet, config).propose(wish.instance(), "restart replication on", true, true);
            case SET_READ_ONLY -> new ControlWrites(fleet, config, fences).readOnly(wish.instance());
            case SET_WRITEABLE -> new ControlWrites(fleet, config, fences).writable(wish.instance());
            case LIFT_FENCE, FORCE_LIFT_FENCE -> new FenceLifting(fleet, config, fences).propose(wish, actor);
            case GRACEFUL_TAKEOVER, GRACEFUL_TAKEOVER_AUTO ->
                throw new IllegalArgumentException("a switchover is not bound here: " + wish);
        };
    }
}
