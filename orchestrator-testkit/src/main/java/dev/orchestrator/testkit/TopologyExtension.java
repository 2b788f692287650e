package dev.orchestrator.testkit;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A topology for JUnit 5 tests: for the class when the field is static, for each test when it is not. Where the server
 * package is not available the tests are skipped and say why.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TopologyExtension topology = TopologyExtension.primaryWithReplicas(3);
 * }</pre>
 */
public final class TopologyExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private final ReplicationTopology.Builder builder;
    private @Nullable ReplicationTopology topology;
    private boolean startedForTest;

    private TopologyExtension(ReplicationTopology.Builder builder) {
        this.builder = requireNonNull(builder, "builder");
    }

    /** A primary of MySQL 8.0 with that many replicas. */
    public static TopologyExtension primaryWithReplicas(int replicas) {
        return of(ReplicationTopology.primaryWithReplicas(replicas));
    }

    /** Whatever the builder says. */
    public static TopologyExtension of(ReplicationTopology.Builder builder) {
        return new TopologyExtension(builder);
    }

    /**
     * The running topology.
     *
     * @throws IllegalStateException outside of a test
     */
    public ReplicationTopology topology() {
        if (topology == null) {
            throw new IllegalStateException("no test is running, so there is no topology");
        }
        return topology;
    }

    /** Server 0. */
    public DatabaseServer primary() {
        return topology().primary();
    }

    /** Server {@code index}; 0 is the primary. */
    public DatabaseServer server(int index) {
        return topology().server(index);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        topology = start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (topology == null) {
            topology = start();
            startedForTest = true;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (startedForTest) {
            startedForTest = false;
            end();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end();
    }

    private ReplicationTopology start() {
        builder.serverPackages().forEach(SkipPolicy::skipUnlessAvailable);
        return builder.start();
    }

    private void end() {
        ReplicationTopology current = topology;
        topology = null;
        if (current != null) {
            current.close();
        }
    }
}
