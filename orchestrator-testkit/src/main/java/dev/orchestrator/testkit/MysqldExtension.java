package dev.orchestrator.testkit;

import static java.util.Objects.requireNonNull;

import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One server for JUnit 5 tests: for the class when the field is static, for each test when it is not, for the whole test
 * run when it is {@link #shared}. Where the server package is not available the tests are skipped and say why.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final MysqldExtension mysqld = MysqldExtension.shared();
 * }</pre>
 */
public final class MysqldExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(MysqldExtension.class);
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final ServerOptions options;
    private final boolean sharedByAll;
    private @Nullable DatabaseServer server;
    private boolean startedForTest;

    private MysqldExtension(ServerOptions options, boolean sharedByAll) {
        this.options = requireNonNull(options, "options");
        this.sharedByAll = sharedByAll;
    }

    /** The one MySQL 8.0 of the test run; tests that use it make schemas of their own and never stop it. */
    public static MysqldExtension shared() {
        return shared(ServerPackage.MYSQL_8_0);
    }

    /** The one server of that package of the test run. */
    public static MysqldExtension shared(ServerPackage serverPackage) {
        return new MysqldExtension(ServerOptions.of(serverPackage), true);
    }

    /** A server of its own, which the tests may kill. */
    public static MysqldExtension of(ServerPackage serverPackage) {
        return of(ServerOptions.of(serverPackage));
    }

    /** A server of its own with options. */
    public static MysqldExtension of(ServerOptions options) {
        return new MysqldExtension(options, false);
    }

    /**
     * The running server.
     *
     * @throws IllegalStateException outside of a test
     */
    public DatabaseServer server() {
        if (server == null) {
            throw new IllegalStateException("no test is running, so there is no server");
        }
        return server;
    }

    /** Makes a new empty schema with a name nobody else uses, and gives the name. */
    public String newSchema() {
        String name = "test_" + SCHEMAS.incrementAndGet();
        server().execute("CREATE DATABASE " + name);
        return name;
    }

    /** A data source without a pool, as root, for a new empty schema. */
    public DataSource newDataSource() {
        return server().dataSource(newSchema());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = start(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (server == null) {
            server = start(context);
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

    private DatabaseServer start(ExtensionContext context) {
        SkipPolicy.skipUnlessAvailable(options.serverPackage());
        return sharedByAll
                ? context.getRoot()
                        .getStore(NAMESPACE)
                        .getOrComputeIfAbsent(
                                options.serverPackage(), key -> DatabaseServer.start(options), DatabaseServer.class)
                : DatabaseServer.start(options);
    }

    private void end() {
        DatabaseServer current = server;
        server = null;
        if (current != null && !sharedByAll) {
            current.close();
        }
    }
}
