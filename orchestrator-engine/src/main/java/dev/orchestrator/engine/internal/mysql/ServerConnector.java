package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure.Kind;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.CredentialsProvider;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.ExecutorService;

/** Makes connections. Resolving, connecting and logging in happen on a thread of their own, so that none of it can hold a caller beyond its deadline. */
final class ServerConnector {
    private static final String CLEANUP_PROPERTY = "com.mysql.cj.disableAbandonedConnectionCleanup";
    private static final String DRIVER = "com.mysql.cj.jdbc.NonRegisteringDriver";
    /** As many addresses of a name are tried; more only eat the time. */
    private static final int MAX_ADDRESSES = 3;

    private final GatewayOptions options;
    private final CredentialsProvider credentials;
    private final Ticker ticker;
    private final ExecutorService threads;
    private final Watchdog watchdog;
    private final Driver driver;

    ServerConnector(
            GatewayOptions options,
            CredentialsProvider credentials,
            Ticker ticker,
            ExecutorService threads,
            Watchdog watchdog) {
        this.options = options;
        this.credentials = credentials;
        this.ticker = ticker;
        this.threads = threads;
        this.watchdog = watchdog;
        this.driver = loadDriver();
    }

    private static Driver loadDriver() {
        if (System.getProperty(CLEANUP_PROPERTY) == null) {
            System.setProperty(CLEANUP_PROPERTY, "true");
        }
        try {
            return (Driver) Class.forName(DRIVER).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("MySQL ServerConnector/J is not on the class path: " + DRIVER, e);
        }
    }

    Ticker ticker() {
        return ticker;
    }

    /** Starts to connect. The attempt must be awaited until it is done, or abandoned. */
    ConnectAttempt start(InstanceKey key) {
        ConnectAttempt attempt = new ConnectAttempt(key);
        attempt.run(threads, () -> connect(key));
        return attempt;
    }

    /** Connects within the deadline, and leaves nothing behind if that fails. */
    ServerSession connect(InstanceKey key, Deadline deadline) throws ServerFailure {
        ConnectAttempt attempt = start(key);
        try {
            return attempt.await(deadline);
        } catch (ServerFailure e) {
            attempt.abandon();
            throw e;
        }
    }

    private ServerSession connect(InstanceKey key) throws ServerFailure {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(key.hostname());
        } catch (UnknownHostException e) {
            throw Failures.of(key, e, true);
        }
        Deadline deadline = Deadline.in(ticker, options.connectTimeout());
        ServerFailure last = null;
        for (int i = 0; i < Math.min(addresses.length, MAX_ADDRESSES); i++) {
            try {
                return open(key, addresses[i], deadline);
            } catch (ServerFailure e) {
                last = e;
                if (e.kind() != Kind.REFUSED || deadline.passed()) {
                    break;
                }
            }
        }
        if (last == null) {
            throw new ServerFailure(Kind.UNRESOLVABLE, Failures.unresolvable(key), null);
        }
        throw last;
    }

    private ServerSession open(InstanceKey key, InetAddress address, Deadline deadline) throws ServerFailure {
        Connection jdbc;
        try {
            String host =
                    address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
            jdbc = driver.connect("jdbc:mysql://" + host + ":" + key.port() + "/", properties(key, deadline));
        } catch (SQLException e) {
            throw NotMySql.explain(key, address, Failures.of(key, e, true), deadline);
        }
        if (jdbc == null) {
            throw new IllegalStateException("the driver does not know its own URL");
        }
        ServerConnection connection = null;
        try {
            connection = new ServerConnection(jdbc, watchdog, ticker);
            return ServerSession.open(key, connection, options, deadline);
        } catch (SQLException e) {
            abort(jdbc, connection);
            throw Failures.of(key, e, false);
        } catch (ServerFailure | RuntimeException e) {
            abort(jdbc, connection);
            throw e;
        }
    }

    private static void abort(Connection jdbc, @org.jspecify.annotations.Nullable ServerConnection connection) {
        if (connection != null) {
            connection.abort();
            return;
        }
        try {
            jdbc.abort(Runnable::run);
        } catch (SQLException e) {
            throw new IllegalStateException("a fresh connection cannot be aborted", e);
        }
    }

    private Properties properties(InstanceKey key, Deadline deadline) {
        Credentials account = credentials.credentialsFor(key);
        String millis = Integer.toString(deadline.remainingMillis());
        Properties p = new Properties();
        p.setProperty("user", account.user());
        p.setProperty("password", account.password());
        p.setProperty("connectTimeout", millis);
        p.setProperty("socketTimeout", millis);
        p.setProperty("sslMode", options.tls().name());
        p.setProperty("allowPublicKeyRetrieval", "true");
        p.setProperty("allowMultiQueries", "true");
        p.setProperty("tcpKeepAlive", "true");
        p.setProperty("connectionAttributes", "program_name:" + options.programName());
        p.setProperty("characterEncoding", "UTF-8");
        p.setProperty("connectionTimeZone", "UTC");
        // What follows spares statements when connecting, and threads and beans in the host.
        p.setProperty("jdbcCompliantTruncation", "false");
        p.setProperty("useLocalSessionState", "true");
        p.setProperty("elideSetAutoCommits", "true");
        p.setProperty("disableMBeans", "true");
        p.setProperty("dontTrackOpenResources", "true");
        return p;
    }
}
