package dev.orchestrator.engine.internal.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.testkit.DatabaseServer;
import java.time.Duration;
import java.time.InstantSource;

/** Gateways and short ways to use them. */
final class Gateways {
    static final Duration DEADLINE = Duration.ofSeconds(5);
    static final Credentials ORCHESTRATOR =
            new Credentials(DatabaseServer.ORCHESTRATOR_USER, DatabaseServer.ORCHESTRATOR_PASSWORD);
    static final Credentials REPLICATION =
            new Credentials(DatabaseServer.REPLICATION_USER, DatabaseServer.REPLICATION_PASSWORD);

    private Gateways() {}

    static GatewayOptions options() {
        return options(DetectionQueries.NONE);
    }

    static GatewayOptions options(DetectionQueries queries) {
        return new GatewayOptions(
                "orchestrator",
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                true,
                queries,
                GatewayOptions.Tls.DISABLED);
    }

    static MySqlInstanceGateway open() {
        return open(options(), ORCHESTRATOR);
    }

    static MySqlInstanceGateway open(GatewayOptions options, Credentials account) {
        return new MySqlInstanceGateway(options, key -> account, Ticker.system(), InstantSource.system());
    }

    static Instance see(MySqlInstanceGateway gateway, DatabaseServer server) {
        Observation observation = gateway.probe(server.key(), DEADLINE);
        assertThat(observation).isInstanceOf(Observation.Seen.class);
        return ((Observation.Seen) observation).instance();
    }

    static ProbeFailure fail(MySqlInstanceGateway gateway, InstanceKey key, Duration deadline) {
        Observation observation = gateway.probe(key, deadline);
        assertThat(observation).isInstanceOf(Observation.Failed.class);
        return ((Observation.Failed) observation).failure();
    }

    /** A guard that lets commands through for a minute. */
    static Guard guardFor(MySqlInstanceGateway gateway, DatabaseServer server) {
        return new Guard(
                see(gateway, server).serverUuid(),
                System.nanoTime() + Duration.ofMinutes(1).toNanos());
    }

    static boolean tell(MySqlInstanceGateway gateway, DatabaseServer server, InstanceCommand command) {
        return gateway.command(server.key(), guardFor(gateway, server), command, Duration.ofSeconds(10));
    }
}
