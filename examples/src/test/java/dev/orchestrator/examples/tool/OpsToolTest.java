package dev.orchestrator.examples.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.testkit.DatabaseServer;
import dev.orchestrator.testkit.MysqldExtension;
import dev.orchestrator.testkit.RealServers;
import dev.orchestrator.testkit.TopologyExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two clusters, one backend, and the tool as it runs on two hosts. */
@RealServers
class OpsToolTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final TopologyExtension SHOP = TopologyExtension.primaryWithReplicas(1);

    @RegisterExtension
    static final TopologyExtension CRM = TopologyExtension.primaryWithReplicas(1);

    @RegisterExtension
    static final MysqldExtension BACKEND = MysqldExtension.shared();

    private final List<String> first = new CopyOnWriteArrayList<>();
    private final List<String> second = new CopyOnWriteArrayList<>();
    private MySqlBackendOptions place;
    private JooqBackend backend;
    private Orchestrator onlooker;

    @BeforeEach
    void openBackend() {
        place = MySqlBackendOptions.builder(BACKEND.server().key(), BACKEND.newSchema())
                .login(DatabaseServer.ROOT_USER, DatabaseServer.ROOT_PASSWORD)
                .sslMode(MySqlBackendOptions.SslMode.DISABLED)
                .build();
        backend = JooqBackend.mysql(place, JooqBackendOptions.forCommand());
        onlooker = OrchestratorEngine.builder()
                .backend(backend)
                .credentials(server -> account())
                .build();
    }

    @AfterEach
    void closeBackend() {
        onlooker.close();
        backend.close();
    }

    @Test
    void oneHostWorksAndAnotherOneGoesOn() {
        try (OpsTool onFirst = OpsTool.start(settings("first"), first::add)) {
            awaitReports(first);
            try (OpsTool onSecond = OpsTool.start(settings("second"), second::add)) {
                assertThat(onSecond).isNotNull();
                int before = first.size();
                await().atMost(LONG).until(() -> first.size() > before + 10);
                assertThat(second).isEmpty();

                onFirst.close();
                int after = first.size();
                awaitReports(second);
                assertThat(first).hasSize(after);
            }
        }
        assertThat(first).allSatisfy(line -> assertThat(line).contains(" version=8.0.", " missing=", " errant=none"));
        assertThat(onlooker.maintenance().active()).isEmpty();
    }

    @Test
    void aLockedReplicaIsLeftAlone() {
        InstanceKey locked = SHOP.server(1).key();
        Actor alice = new Actor("alice", Origin.API, "laptop");
        onlooker.maintenance().begin(locked, alice, "backup runs", Duration.ofMinutes(5));

        try (OpsTool tool = OpsTool.start(settings("first"), first::add)) {
            assertThat(tool).isNotNull();
            await().atMost(LONG).until(() -> reported(first, CRM.server(1).key()));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(first)
                            .anySatisfy(line -> assertThat(line)
                                    .startsWith(locked + " skipped: ")
                                    .contains("alice", "backup runs")));
            assertThat(reported(first, locked)).isFalse();

            onlooker.maintenance().end(locked, alice);
            await().atMost(LONG).until(() -> reported(first, locked));
        }
        assertThat(onlooker.maintenance().active()).isEmpty();
    }

    private static void awaitReports(List<String> lines) {
        await().atMost(LONG)
                .until(() -> reported(lines, SHOP.server(1).key())
                        && reported(lines, CRM.server(1).key()));
    }

    private static boolean reported(List<String> lines, InstanceKey replica) {
        return lines.stream().anyMatch(line -> line.startsWith(replica + " cluster="));
    }

    private ToolSettings settings(String node) {
        return new ToolSettings(
                node,
                place,
                account(),
                List.of(SHOP.primary().key(), CRM.primary().key()),
                false,
                Duration.ofMillis(200));
    }

    private static Credentials account() {
        return new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD);
    }
}
