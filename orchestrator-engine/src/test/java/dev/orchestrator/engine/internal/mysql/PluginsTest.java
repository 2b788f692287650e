package dev.orchestrator.engine.internal.mysql;

import static dev.orchestrator.engine.internal.mysql.Gateways.see;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerPackage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What plugins add to a server, also while it is being watched. */
@RealServers
class PluginsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final MysqldExtension NINE = MysqldExtension.of(ServerPackage.MYSQL_9);

    @RegisterExtension
    static final MysqldExtension MARIADB = MysqldExtension.of(ServerPackage.MARIADB_10_11);

    private final MySqlInstanceGateway gateway = Gateways.open();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void seesSemiSyncAtWorkOnBothSides() {
        for (ServerPackage server : new ServerPackage[] {ServerPackage.MYSQL_9, ServerPackage.MARIADB_10_11}) {
            try (ReplicationTopology topology = ReplicationTopology.primaryWithReplicas(1)
                    .on(server)
                    .semiSync(new SemiSync(1, Duration.ofSeconds(7)))
                    .start()) {
                SemiSyncState source = see(gateway, topology.primary()).semiSync();
                assertThat(source)
                        .isEqualTo(new SemiSyncState(true, true, true, false, false, 1, Duration.ofSeconds(7), 1));
                SemiSyncState replica = see(gateway, topology.server(1)).semiSync();
                assertThat(replica.available()).isTrue();
                assertThat(replica.replicaEnabled()).isTrue();
                assertThat(replica.replicaActive()).isTrue();
                assertThat(replica.sourceEnabled()).isFalse();
            }
        }
    }

    @Test
    void noticesAPluginThatIsInstalledAndRemovedWhileTheServerIsWatched() {
        DatabaseServer server = NINE.server();
        assertThat(see(gateway, server).semiSync()).isEqualTo(SemiSyncState.UNAVAILABLE);
        server.execute("INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'");
        SemiSyncState there = see(gateway, server).semiSync();
        assertThat(there.available()).isTrue();
        assertThat(there.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(see(gateway, server).semiSync()).isEqualTo(there);
        server.execute("UNINSTALL PLUGIN rpl_semi_sync_source");
        assertThat(see(gateway, server).semiSync()).isEqualTo(SemiSyncState.UNAVAILABLE);
        assertThat(see(gateway, server).limitations()).isEmpty();
    }

    @Test
    void seesAReplicationGroup() throws IOException {
        DatabaseServer server = NINE.server();
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(see(gateway, server).group()).isNull();
        server.execute("INSTALL PLUGIN group_replication SONAME 'group_replication.so'");
        assertThat(see(gateway, server).group()).isNull();
        server.execute(
                "SET GLOBAL group_replication_group_name = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'",
                "SET GLOBAL group_replication_local_address = '127.0.0.1:" + port + "'",
                "SET GLOBAL group_replication_bootstrap_group = ON",
                "START GROUP_REPLICATION");
        try {
            await().atMost(LIMIT).until(() -> {
                GroupReplicationState seen = see(gateway, server).group();
                return seen != null && seen.memberState().equals("ONLINE");
            });
            GroupReplicationState group = see(gateway, server).group();
            assertThat(group)
                    .isEqualTo(new GroupReplicationState(
                            "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
                            true,
                            "ONLINE",
                            "PRIMARY",
                            java.util.List.of(server.key()),
                            server.key()));
            assertThat(see(gateway, server).channels()).isEmpty();
        } finally {
            server.execute(
                    "STOP GROUP_REPLICATION",
                    "SET GLOBAL super_read_only = 0",
                    "UNINSTALL PLUGIN group_replication",
                    "SET GLOBAL read_only = 0");
        }
    }
}
