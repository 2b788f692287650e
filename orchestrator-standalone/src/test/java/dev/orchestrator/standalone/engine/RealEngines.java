package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.engine.internal.mysql.GatewayOptions;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.InstanceGateway;
import dev.orchestrator.testkit.DatabaseServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Engines on real servers that notice each other's death soon. */
final class RealEngines {
    private RealEngines() {}

    static OrchestratorConfig config(String node) {
        return OrchestratorConfig.builder()
                .nodeName(node)
                .primaryRecoveryFilters(List.of("*"))
                .leaseTtl(Duration.ofSeconds(2))
                .leaseRenewInterval(Duration.ofMillis(400))
                .lockTtl(Duration.ofSeconds(3))
                .build();
    }

    /** A backend on a server of the testkit; also in another process, which is told address and schema. */
    static JooqBackend backend(InstanceKey server, String schema) {
        return JooqBackend.mysql(
                MySqlBackendOptions.builder(server, schema)
                        .login(DatabaseServer.ROOT_USER, DatabaseServer.ROOT_PASSWORD)
                        .sslMode(MySqlBackendOptions.SslMode.DISABLED)
                        .build(),
                JooqBackendOptions.forService());
    }

    static Credentials credentials() {
        return new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD);
    }

    static OrchestratorEngine engine(Backend backend, String node) {
        return OrchestratorEngine.builder()
                .backend(backend)
                .credentials(key -> credentials())
                .config(config(node))
                .build();
    }

    /** One to which something happens at a certain point of what it does. */
    static OrchestratorEngine faulty(
            Backend backend, String node, FaultPoint faults, Map<InstanceKey, InstanceKey> ways) {
        OrchestratorConfig config = config(node);
        InstanceGateway real = new MySqlInstanceGateway(
                GatewayOptions.of(config), key -> credentials(), System::nanoTime, InstantSource.system());
        return OrchestratorEngine.builder()
                .backend(FaultyBackend.of(backend, faults))
                .gateway(new FaultyGateway(real, faults, ways))
                .config(config)
                .build();
    }
}
