package dev.orchestrator.engine.internal.mysql;

import static dev.orchestrator.engine.internal.mysql.Gateways.see;
import static dev.orchestrator.engine.internal.mysql.Gateways.tell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.server.ServerPackage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A replica with two sources: commands name a channel and leave the other alone. */
@RealServers
class MultiSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final MysqldExtension MYSQL = MysqldExtension.of(ServerPackage.MYSQL_8_0);

    @RegisterExtension
    static final MysqldExtension MARIADB = MysqldExtension.of(ServerPackage.MARIADB_10_11);

    private final MySqlInstanceGateway gateway = Gateways.open();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void channelsOfMySqlAreReadAndCommandedApart() {
        DatabaseServer replica = MYSQL.server();
        try (DatabaseServer left = DatabaseServer.start(ServerPackage.MYSQL_8_0);
                DatabaseServer right = DatabaseServer.start(ServerPackage.MYSQL_8_0)) {
            for (var source : List.of(left, right)) {
                String name = source == left ? "left" : "ri'ght";
                replica.execute("CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=" + source.port()
                        + ", SOURCE_USER='repl', SOURCE_PASSWORD='repl', SOURCE_AUTO_POSITION=1,"
                        + " GET_SOURCE_PUBLIC_KEY=1 FOR CHANNEL '" + name.replace("'", "''") + "'");
            }
            commandApart(replica, "left", "ri'ght", left.key());
        }
    }

    @Test
    void connectionsOfMariaDbAreReadAndCommandedApart() {
        DatabaseServer replica = MARIADB.server();
        try (DatabaseServer left = DatabaseServer.start(ServerPackage.MARIADB_10_11);
                DatabaseServer right = DatabaseServer.start(ServerPackage.MARIADB_10_11)) {
            for (var source : List.of(left, right)) {
                replica.execute("CHANGE MASTER '" + (source == left ? "left" : "right")
                        + "' TO MASTER_HOST='127.0.0.1', MASTER_PORT=" + source.port()
                        + ", MASTER_USER='repl', MASTER_PASSWORD='repl', MASTER_USE_GTID=slave_pos");
            }
            commandApart(replica, "left", "right", left.key());
        }
    }

    private void commandApart(DatabaseServer replica, String left, String right, InstanceKey leftSource) {
        assertThat(see(gateway, replica).channels())
                .extracting(ReplicationChannel::name)
                .containsExactlyInAnyOrder(left, right);
        tell(gateway, replica, new InstanceCommand.StartReplication(left));
        tell(gateway, replica, new InstanceCommand.StartReplication(right));
        await().atMost(LIMIT)
                .until(() -> see(gateway, replica).channels().stream().allMatch(ReplicationChannel::isReplicating));
        assertThat(channel(replica, left).source()).isEqualTo(leftSource);

        tell(gateway, replica, new InstanceCommand.StopReceiver(left));
        assertThat(channel(replica, left).receiver()).isEqualTo(ReplicationThreadState.STOPPED);
        assertThat(channel(replica, right).isReplicating()).isTrue();
        assertThatThrownBy(() -> tell(gateway, replica, new InstanceCommand.Repoint("", leftSource)))
                .isInstanceOf(OrchestratorException.class);

        tell(gateway, replica, new InstanceCommand.ResetReplication(left));
        tell(gateway, replica, new InstanceCommand.ResetReplication(left));
        assertThat(see(gateway, replica).channels()).singleElement().satisfies(only -> {
            assertThat(only.name()).isEqualTo(right);
            assertThat(only.isReplicating()).isTrue();
        });
        tell(gateway, replica, new InstanceCommand.ResetReplication(right));
        assertThat(see(gateway, replica).channels()).isEmpty();
    }

    private ReplicationChannel channel(DatabaseServer replica, String name) {
        Instance instance = see(gateway, replica);
        return instance.channels().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
