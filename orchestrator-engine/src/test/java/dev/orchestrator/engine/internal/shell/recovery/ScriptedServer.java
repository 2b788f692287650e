package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One server of a scripted fleet. Guarded by the fleet's monitor. */
final class ScriptedServer {
    final InstanceKey key;
    final String uuid;
    GtidSet executed = GtidSet.empty();
    GtidSet retrieved = GtidSet.empty();
    GtidSet purged = GtidSet.empty();

    @Nullable
    InstanceKey source;

    ReplicationThreadState receiver = ReplicationThreadState.NONE;
    ReplicationThreadState applier = ReplicationThreadState.NONE;
    int applierErrno;
    boolean applierBlocked;
    boolean alive = true;
    boolean frozen;
    boolean stopHangs;
    boolean logsUpdates = true;
    boolean readOnly = true;
    boolean semiSyncAvailable;
    boolean semiSyncSource;
    boolean semiSyncReplica;
    Duration delay = Duration.ZERO;
    String version = "8.0.31";
    String dataCenter = "";

    @Nullable
    PromotionRule rule;

    ScriptedServer(InstanceKey key, String uuid) {
        this.key = key;
        this.uuid = uuid;
    }

    ScriptedServer below(InstanceKey primary) {
        source = primary;
        receiver = ReplicationThreadState.RUNNING;
        applier = ReplicationThreadState.RUNNING;
        return this;
    }

    boolean answers() {
        return alive && !frozen;
    }

    void apply() {
        boolean works = applier == ReplicationThreadState.RUNNING && !applierBlocked && applierErrno == 0;
        if (works && delay.isZero()) {
            executed = executed.union(retrieved);
        }
    }

    Instance facts() {
        InstanceBuilder facts = Instance.builder(key, ServerVersion.parse(version, ""))
                .serverUuid(uuid)
                .executedGtids(executed)
                .purgedGtids(purged)
                .readOnly(readOnly)
                .superReadOnly(readOnly)
                .binlogEnabled(true)
                .logReplicaUpdates(logsUpdates)
                .binlogFormat("ROW")
                .gtidMode("ON")
                .dataCenter(dataCenter)
                .detectedPromotionRule(rule)
                .binlogCoordinates(
                        new BinlogCoordinates("binlog.000001", 4 + executed.count(), BinlogCoordinates.Type.BINARY))
                .semiSync(new SemiSyncState(
                        semiSyncAvailable,
                        semiSyncSource,
                        semiSyncSource,
                        semiSyncReplica,
                        semiSyncReplica,
                        1,
                        Duration.ofSeconds(10),
                        0));
        InstanceKey from = source;
        if (from != null) {
            facts.channels(List.of(ReplicationChannel.builder(from)
                    .receiver(receiver)
                    .applier(applier)
                    .autoPosition(true)
                    .retrievedGtids(retrieved)
                    .lag(receiver == ReplicationThreadState.RUNNING ? Duration.ZERO : null)
                    .configuredDelay(delay)
                    .lastApplierErrno(applierErrno)
                    .lastApplierError(applierErrno == 0 ? "" : "scripted error")
                    .build()));
        }
        return facts.build();
    }
}
