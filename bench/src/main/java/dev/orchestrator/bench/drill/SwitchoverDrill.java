package dev.orchestrator.bench.drill;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.operation.OperationOutcome;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.testkit.ContinuousWriter;
import dev.orchestrator.testkit.DatabaseServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Hands a topology over and back again under a writing application, and measures how long the application stood. */
final class SwitchoverDrill {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final FailoverDrill drill;
    private DatabaseServer primary;

    SwitchoverDrill(FailoverDrill drill) {
        this.drill = drill;
        this.primary = drill.topology().primary();
    }

    /**
     * What came of one switchover.
     *
     * @param failure why it did not succeed, empty when it did
     * @param outage from the last write acknowledged by the former primary to the first acknowledged by its successor,
     *     the application's new connection included
     * @param acknowledged how many writes were acknowledged before and after
     * @param lost those of them that the new primary does not have
     */
    record Result(String failure, Duration outage, int acknowledged, List<ContinuousWriter.Write> lost) {}

    /** Hands over to whomever the orchestrator chooses; the next call begins with the new primary. */
    Result run(Consumer<String> printer) {
        Timeline timeline = new Timeline(primary.key(), printer);
        try (ContinuousWriter writer = ContinuousWriter.start(primary);
                Orchestrator.Registration ignored = drill.orchestrator().addListener(timeline)) {
            writer.awaitAcknowledged(100, LIMIT);
            timeline.promoted().thenAccept(successor -> writer.switchTo(drill.server(successor)));
            timeline.begin(Instant.now(), "ordered     graceful-master-takeover-auto of " + primary.key());
            OperationOutcome outcome = drill.orchestrator()
                    .operations()
                    .run(new GracefulTakeoverAuto(primary.key(), null), new Actor("drill", Origin.API, "localhost"));
            if (!outcome.succeeded()) {
                String refusal = outcome.refusal().map(Object::toString).orElse("");
                return new Result(refusal + outcome.failure(), Duration.ZERO, 0, List.of());
            }
            DatabaseServer successor = drill.server(timeline.promoted().join());
            writer.awaitAcknowledgedBy(successor.key(), LIMIT);
            writer.stop();
            Result result = result(writer, primary.key(), successor);
            primary = successor;
            awaitTree(successor);
            return result;
        }
    }

    private static Result result(ContinuousWriter writer, InstanceKey former, DatabaseServer successor) {
        List<ContinuousWriter.Write> before = writer.acknowledged().stream()
                .filter(w -> w.server().equals(former))
                .toList();
        ContinuousWriter.Write first =
                writer.firstAcknowledgedBy(successor.key()).orElseThrow();
        Duration outage = Duration.between(before.get(before.size() - 1).endedAt(), first.endedAt());
        return new Result("", outage, writer.acknowledged().size(), writer.missingOn(successor));
    }

    /** The next switchover begins with a healthy topology. */
    private void awaitTree(DatabaseServer successor) {
        FailoverDrill.await(
                "all others replicate from " + successor.key(),
                () -> drill.orchestrator().fleet().replicasOf(successor.key()).stream()
                                .filter(FleetMember::isReachable)
                                .flatMap(m -> m.facts().flatMap(Instance::mainChannel).stream())
                                .filter(ReplicationChannel::isReplicating)
                                .count()
                        == drill.topology().servers().size() - 1);
    }
}
