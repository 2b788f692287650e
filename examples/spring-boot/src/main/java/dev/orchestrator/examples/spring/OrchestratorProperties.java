package dev.orchestrator.examples.spring;

import dev.orchestrator.api.model.channel.Credentials;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code orchestrator.*}. Accounts are {@link Credentials}, which never show their password.
 *
 * @param path where the API and the page are, such as {@code /orchestrator}
 * @param topology the account on the watched servers
 * @param backend where everything is remembered
 * @param seeds a server of each cluster, {@code host:port}; the others are found from there
 * @param recover the clusters whose dead primary is replaced: names, aliases, or {@code *}
 * @param allowedHosts names under which this application is reached, such as the load balancer's
 */
@ConfigurationProperties("orchestrator")
public record OrchestratorProperties(
        @DefaultValue("/orchestrator") String path,
        Credentials topology,
        BackendPlace backend,
        @DefaultValue List<String> seeds,
        @DefaultValue List<String> recover,
        @DefaultValue List<String> allowedHosts) {
    /**
     * A file for one host, or a server that several share.
     *
     * @param file the SQLite file; not used when there is a server
     * @param server the MySQL server, {@code host:port}; empty for none
     * @param schema the schema there, made when it is missing
     * @param account the account there
     */
    public record BackendPlace(
            @DefaultValue("orchestrator.sqlite3") Path file,
            @DefaultValue("") String server,
            @DefaultValue("orchestrator") String schema,
            Credentials account) {}
}
