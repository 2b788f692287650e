package dev.orchestrator.examples.spring;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.event.OrchestratorListener;
import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.jooq.options.MySqlBackendOptions;
import dev.orchestrator.servlet.OrchestratorServlet;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.standalone.settings.HttpSettings;
import dev.orchestrator.standalone.settings.ListenAddress;
import java.net.InetAddress;
import java.util.List;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The orchestrator, what it remembers by, and its ways to the outside, as beans. */
@Configuration(proxyBeanMethods = false)
public class OrchestratorConfiguration {
    /** Made by Spring. */
    public OrchestratorConfiguration() {}

    /**
     * The backend.
     *
     * @param properties where it is
     * @return open, until the application ends
     */
    @Bean(destroyMethod = "close")
    public Backend backend(OrchestratorProperties properties) {
        OrchestratorProperties.BackendPlace place = properties.backend();
        if (place.server().isEmpty()) {
            return JooqBackend.sqlite(place.file(), JooqBackendOptions.forService());
        }
        return JooqBackend.mysql(
                MySqlBackendOptions.builder(InstanceKey.parse(place.server()), place.schema())
                        .login(place.account().user(), place.account().password())
                        .build(),
                JooqBackendOptions.forService());
    }

    /**
     * The orchestrator. Spring closes it before its backend, which it was made of.
     *
     * @param backend where it remembers everything
     * @param properties what it watches and recovers
     * @param listeners whoever of the application wants to be told
     * @return started when the application has started
     */
    @Bean(initMethod = "start", destroyMethod = "close")
    public Orchestrator orchestrator(
            Backend backend, OrchestratorProperties properties, List<OrchestratorListener> listeners) {
        Orchestrator orchestrator = OrchestratorEngine.builder()
                .backend(backend)
                .credentials(server -> properties.topology())
                .config(OrchestratorConfig.builder()
                        .seeds(properties.seeds().stream()
                                .map(InstanceKey::parse)
                                .toList())
                        .primaryRecoveryFilters(properties.recover())
                        .build())
                .command("spring-boot")
                .build();
        listeners.forEach(orchestrator::addListener);
        return orchestrator;
    }

    /**
     * The HTTP API and the page, beside the application's own controllers. They ask nobody for a password: let Spring
     * Security do so before you listen on more than loopback.
     *
     * @param orchestrator what they show
     * @param properties their path
     * @param server where the application listens
     * @return the servlet and its path
     */
    @Bean
    public ServletRegistrationBean<OrchestratorServlet> orchestratorServlet(
            Orchestrator orchestrator, OrchestratorProperties properties, ServerProperties server) {
        InetAddress address = server.getAddress();
        Integer port = server.getPort();
        ListenAddress listen =
                new ListenAddress(address == null ? "" : address.getHostAddress(), port == null ? 8080 : port);
        return new ServletRegistrationBean<>(
                new OrchestratorServlet(() -> orchestrator, HttpSettings.at(listen, properties.allowedHosts())),
                properties.path() + "/*");
    }

    /**
     * Tells the log of recoveries.
     *
     * @return a listener
     */
    @Bean
    public OrchestratorListener recoveryLog() {
        return new RecoveryLog();
    }

    /**
     * The part {@code orchestrator} of {@code /actuator/health}.
     *
     * @param orchestrator whose health
     * @return asked at every request
     */
    @Bean
    public HealthIndicator orchestratorHealthIndicator(Orchestrator orchestrator) {
        return new OrchestratorHealth(orchestrator);
    }
}
