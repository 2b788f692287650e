package dev.orchestrator.engine.internal.mysql;

import static dev.orchestrator.engine.internal.mysql.Gateways.tell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.ChannelOptions;
import dev.orchestrator.api.model.channel.ChannelSettings;
import dev.orchestrator.api.model.channel.ChannelTls;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.ReplicationTopology;
import dev.orchestrator.testkit.TopologyExtension;
import dev.orchestrator.testkit.server.ServerFamily;
import dev.orchestrator.testkit.server.ServerPackage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a channel connects is read, given to another server, and kept when the source changes; on every version. */
@RealServers
class ChannelOptionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final InstanceKey ELSEWHERE = new InstanceKey("127.0.0.2", 1);

    @Nested
    class FiveSeven extends Contract {
        @RegisterExtension
        final TopologyExtension topology =
                TopologyExtension.of(ReplicationTopology.primaryWithReplicas(1).on(ServerPackage.MYSQL_5_7));

        @Override
        TopologyExtension topology() {
            return topology;
        }
    }

    @Nested
    class Eight extends Contract {
        @RegisterExtension
        final TopologyExtension topology =
                TopologyExtension.of(ReplicationTopology.primaryWithReplicas(1).on(ServerPackage.MYSQL_8_0));

        @Override
        TopologyExtension topology() {
            return topology;
        }
    }

    @Nested
    class Nine extends Contract {
        @RegisterExtension
        final TopologyExtension topology =
                TopologyExtension.of(ReplicationTopology.primaryWithReplicas(1).on(ServerPackage.MYSQL_9));

        @Override
        TopologyExtension topology() {
            return topology;
        }
    }

    @Nested
    class MariaDb extends Contract {
        @RegisterExtension
        final TopologyExtension topology =
                TopologyExtension.of(ReplicationTopology.primaryWithReplicas(1).on(ServerPackage.MARIADB_10_11));

        @Override
        TopologyExtension topology() {
            return topology;
        }
    }

    @Nested
    class MariaDb11 extends Contract {
        @RegisterExtension
        final TopologyExtension topology =
                TopologyExtension.of(ReplicationTopology.primaryWithReplicas(1).on(ServerPackage.MARIADB_11_8));

        @Override
        TopologyExtension topology() {
            return topology;
        }
    }

    abstract static class Contract {
        private final MySqlInstanceGateway gateway = Gateways.open();

        abstract TopologyExtension topology();

        private DatabaseServer primary() {
            return topology().primary();
        }

        private DatabaseServer replica() {
            return topology().server(1);
        }

        private ServerPackage version() {
            return primary().options().serverPackage();
        }

        private boolean isMariaDb() {
            return version().family() == ServerFamily.MARIADB;
        }

        private boolean knowsCompression() {
            return version().usesSourceAndReplicaWords();
        }

        @BeforeEach
        void heal() {
            replica().replicateFrom(primary());
            topology().topology().awaitReplication(LIMIT);
        }

        @AfterEach
        void forget() {
            tell(gateway, primary(), new InstanceCommand.ResetReplication(""));
            tell(gateway, replica(), new InstanceCommand.ResetReplication(""));
            gateway.close();
        }

        private ChannelSettings settings(DatabaseServer server) {
            return gateway.channelSettings(server.key(), "", LIMIT).orElseThrow();
        }

        /** What the version can hold of it; none of the files exists. */
        private ChannelOptions special() {
            boolean modern = knowsCompression();
            return new ChannelOptions(
                    new ChannelTls(
                            true,
                            true,
                            "/keys/ca.pem",
                            "/keys/authorities",
                            "/keys/replica.pem",
                            "/keys/replica.key",
                            "AES256-SHA",
                            "/keys/revoked.pem",
                            "/keys/revoked",
                            isMariaDb() ? "" : "TLSv1.2",
                            modern ? "TLS_AES_256_GCM_SHA384" : null),
                    modern ? "/keys/source-public.pem" : "",
                    modern,
                    modern ? "zstd,uncompressed" : "",
                    modern ? 7 : 0,
                    Duration.ofMillis(3500),
                    Duration.ofSeconds(17),
                    isMariaDb() ? 0 : 4321);
        }

        private void set(String... settings) {
            boolean modern = version().usesSourceAndReplicaWords();
            List<String> words = new ArrayList<>();
            for (String setting : settings) {
                words.add(modern ? setting : setting.replace("SOURCE", "MASTER"));
            }
            String change = modern ? "CHANGE REPLICATION SOURCE TO " : "CHANGE MASTER TO ";
            replica().execute(modern ? "STOP REPLICA" : "STOP SLAVE", change + String.join(", ", words));
        }

        /** By hand, so that what our own statement forgets is noticed. */
        private void setAllByHand() {
            set(
                    "SOURCE_SSL=1",
                    "SOURCE_SSL_VERIFY_SERVER_CERT=1",
                    "SOURCE_SSL_CA='/keys/ca.pem'",
                    "SOURCE_SSL_CAPATH='/keys/authorities'",
                    "SOURCE_SSL_CERT='/keys/replica.pem'",
                    "SOURCE_SSL_KEY='/keys/replica.key'",
                    "SOURCE_SSL_CIPHER='AES256-SHA'",
                    "SOURCE_SSL_CRL='/keys/revoked.pem'",
                    "SOURCE_SSL_CRLPATH='/keys/revoked'",
                    "SOURCE_HEARTBEAT_PERIOD=3.5",
                    "SOURCE_CONNECT_RETRY=17",
                    "SOURCE_DELAY=1");
            if (!isMariaDb()) {
                set("SOURCE_TLS_VERSION='TLSv1.2'", "SOURCE_RETRY_COUNT=4321", "SOURCE_BIND='127.0.0.1'");
            }
            if (knowsCompression()) {
                set(
                        "SOURCE_PUBLIC_KEY_PATH='/keys/source-public.pem'",
                        "GET_SOURCE_PUBLIC_KEY=1",
                        "SOURCE_COMPRESSION_ALGORITHMS='zstd,uncompressed'",
                        "SOURCE_ZSTD_COMPRESSION_LEVEL=7",
                        "SOURCE_TLS_CIPHERSUITES='TLS_AES_256_GCM_SHA384'");
            }
        }

        @Test
        void theOptionsOfAReplicaAreReadAndAnotherServerGetsThem() {
            setAllByHand();

            ChannelSettings read = settings(replica());
            assertThat(read.options()).isEqualTo(special());
            assertThat(read.credentials().map(Credentials::user).orElse(""))
                    .isEqualTo(isMariaDb() ? "" : Gateways.REPLICATION.user());

            InstanceCommand attach =
                    new InstanceCommand.AttachTo(replica().key(), Gateways.REPLICATION, read.options());
            tell(gateway, primary(), attach);
            tell(gateway, primary(), attach);
            assertThat(settings(primary()).options()).isEqualTo(special());
            if (!isMariaDb()) {
                assertThat(settings(primary()).credentials()).contains(Gateways.REPLICATION);
            }
        }

        @Test
        void theOperatorsQuerySaysTheAccountAndItsFiles() {
            DetectionQueries query = new DetectionQueries(
                    "", "", "", "", "", "", "", "", "SELECT 'mover', 's3cret', '/mine/ca.pem', '', NULL");
            setAllByHand();
            try (MySqlInstanceGateway asking = Gateways.open(Gateways.options(query), Gateways.ORCHESTRATOR)) {
                ChannelSettings said =
                        asking.channelSettings(replica().key(), "", LIMIT).orElseThrow();
                assertThat(said.credentials()).contains(new Credentials("mover", "s3cret"));
                assertThat(said.options().tls().ca()).isEqualTo("/mine/ca.pem");
                assertThat(said.options().tls().key()).isEqualTo(special().tls().key());
                assertThat(said.options().heartbeat()).isEqualTo(special().heartbeat());
            }
        }

        @Test
        void whatIsNotSetOnOneServerIsNotSetOnTheOther() {
            tell(gateway, replica(), new InstanceCommand.StopReplication(""));
            ChannelOptions plain = settings(replica()).options();
            assertThat(plain.tls().enabled()).isEqualTo(version() == ServerPackage.MYSQL_9);

            InstanceCommand attach = new InstanceCommand.AttachTo(replica().key(), Gateways.REPLICATION, special());
            tell(gateway, primary(), attach);
            tell(gateway, primary(), new InstanceCommand.AttachTo(replica().key(), Gateways.REPLICATION, plain));

            assertThat(settings(primary()).options()).isEqualTo(plain);
            tell(gateway, primary(), new InstanceCommand.StartReplication(""));
        }

        @Test
        void everyOptionSurvivesARepoint() {
            setAllByHand();
            ChannelSettings before = settings(replica());
            Map<String, @Nullable String> status = replica().replicaStatus();

            tell(gateway, replica(), new InstanceCommand.StartApplier(""));
            tell(gateway, replica(), new InstanceCommand.Repoint("", ELSEWHERE));

            assertThat(settings(replica())).isEqualTo(before);
            Map<String, @Nullable String> after = replica().replicaStatus();
            assertThat(after).containsEntry("Source_Host", ELSEWHERE.hostname());
            for (String option : List.of("Source_User", "SQL_Delay", "Connect_Retry", "Source_SSL_Allowed")) {
                assertThat(after).containsEntry(option, status.get(option));
            }
            assertThat(after.get("Source_Bind")).isEqualTo(status.get("Source_Bind"));
        }

        @Test
        void aReceiverThatCannotLogInIsReportedWithItsStatementAndOptions() {
            tell(gateway, replica(), new InstanceCommand.StopReplication(""));
            tell(gateway, replica(), new InstanceCommand.ResetReplication(""));
            Credentials wrong = new Credentials("repl", "s3cret-and-wrong");
            tell(gateway, replica(), new InstanceCommand.AttachTo(primary().key(), wrong, ChannelOptions.PLAIN));
            tell(gateway, replica(), new InstanceCommand.StartReplication(""));

            assertThatThrownBy(() -> tell(gateway, replica(), new InstanceCommand.AwaitReceiver("")))
                    .isInstanceOf(OrchestratorException.class)
                    .hasMessageContaining(primary().key().toString())
                    .hasMessageContaining("error 1045")
                    .hasMessageContaining("_PASSWORD = '***'")
                    .hasMessageContaining("TLS off")
                    .hasMessageNotContaining("s3cret");

            tell(gateway, replica(), new InstanceCommand.StopReplication(""));
            replica().replicateFrom(primary());
            assertThat(tell(gateway, replica(), new InstanceCommand.AwaitReceiver("")))
                    .isTrue();
        }
    }
}
