package dev.orchestrator.servlet;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.standalone.settings.ListenAddress;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.net.URI;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The embedded HTTP service: Jetty with the {@link OrchestratorServlet} and nothing else. */
public final class HttpService implements AutoCloseable {
    private static final int MAX_THREADS = 50;
    private static final int MIN_THREADS = 4;

    private final Server server;
    private final ListenAddress address;

    private HttpService(Server server, ListenAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Listens where the settings say.
     *
     * @param standalone whose API to serve; not closed by this service
     * @return the running service; to be closed
     * @throws OrchestratorException with {@code INVALID_CONFIGURATION} when it cannot listen there
     */
    public static HttpService start(StandaloneOrchestrator standalone) {
        return start(standalone::orchestrator, standalone.settings());
    }

    /**
     * Listens where the settings say.
     *
     * @param orchestrator asked at every request
     * @param settings where to listen, and more
     * @return the running service; to be closed
     * @throws OrchestratorException with {@code INVALID_CONFIGURATION} when it cannot listen there
     */
    public static HttpService start(Supplier<? extends Orchestrator> orchestrator, StandaloneSettings settings) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("orc-http");
        threads.setDaemon(true);
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // Paths are decoded by us, as the predecessor's client sends them: with %0A and %2F in segments.
        http.setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        ListenAddress listen = settings.listen();
        if (!listen.host().isEmpty()) {
            connector.setHost(listen.host());
        }
        connector.setPort(listen.port());
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        context.addServlet(new ServletHolder(new OrchestratorServlet(orchestrator, settings.http())), "/");
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw new OrchestratorException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "cannot listen on " + listen + " for HTTP: " + reason(e)
                            + "; is another service running there? Set ListenAddress to a free port",
                    e);
        }
        return new HttpService(server, new ListenAddress(listen.host(), connector.getLocalPort()));
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /**
     * Where the service is reached from this host.
     *
     * @return such as {@code http://127.0.0.1:3000}
     */
    public URI url() {
        String host = address.host().isEmpty() || address.host().equals("0.0.0.0") ? "127.0.0.1" : address.host();
        return URI.create("http://" + new ListenAddress(host, address.port()));
    }

    /** Stops listening; requests that are being answered are let end. Idempotent. */
    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new OrchestratorException(ErrorCode.NOT_RUNNING, "cannot stop the HTTP service: " + e, e);
        }
    }
}
