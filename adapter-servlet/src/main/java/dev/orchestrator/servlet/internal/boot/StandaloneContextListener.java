package dev.orchestrator.servlet.internal.boot;

import dev.orchestrator.servlet.OrchestratorServlet;
import dev.orchestrator.standalone.ConfigurationFiles;
import dev.orchestrator.standalone.StandaloneOrchestrator;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts the orchestrator with the web application and stops it with it. The configuration file is named by the context
 * parameter or system property {@code orchestrator.config}, or the environment variable {@code ORCHESTRATOR_CONFIG}; where
 * none is named, the usual places are looked at.
 */
public final class StandaloneContextListener implements ServletContextListener {
    private static final String CONFIG = "orchestrator.config";

    private @Nullable StandaloneOrchestrator standalone;

    /** Made by the container. */
    public StandaloneContextListener() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        String file = Stream.of(
                        context.getInitParameter(CONFIG),
                        System.getProperty(CONFIG),
                        System.getenv("ORCHESTRATOR_CONFIG"))
                .filter(name -> name != null && !name.isBlank())
                .findFirst()
                .orElse("");
        StandaloneSettings settings =
                file.isEmpty() ? ConfigurationFiles.load() : ConfigurationFiles.load(Path.of(file));
        StandaloneOrchestrator started = StandaloneOrchestrator.forService(settings, "war");
        standalone = started;
        started.start();
        context.addServlet("orchestrator", new OrchestratorServlet(started::orchestrator, settings.http()))
                .addMapping("/");
    }

    /**
     * Closes the engine, which lets changes that run come to an end: a second mostly, never more than half a minute. The
     * container waits for that; one that is stopped harder leaves them to whoever leads next.
     */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (standalone != null) {
            standalone.close();
        }
    }
}
