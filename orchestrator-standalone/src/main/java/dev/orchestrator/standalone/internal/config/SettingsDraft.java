package dev.orchestrator.standalone.internal.config;

import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.config.OrchestratorConfigBuilder;
import dev.orchestrator.api.config.SemiSyncLossPolicy;
import dev.orchestrator.api.config.ServerNaming;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.standalone.settings.BackendSettings;
import dev.orchestrator.standalone.settings.HostnameResolveMethod;
import dev.orchestrator.standalone.settings.ListenAddress;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings while keys are read one after the other. Readers of keys set the fields or call the methods. */
final class SettingsDraft {
    private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{(.*)}");

    final OrchestratorConfigBuilder engine = OrchestratorConfig.builder();
    final Account topology = new Account();
    final Account backend = new Account();
    final List<String> allowedHosts = new ArrayList<>();
    boolean sqlite;
    boolean migrate = true;
    String sqliteFile = "";
    String backendHost = "";
    int backendPort = 3306;
    String backendDatabase = "";
    int backendConnections = 128;
    Duration backendReadTimeout = Duration.ofSeconds(30);
    Duration connectTimeout = Duration.ofSeconds(2);
    Duration leaderLease = Duration.ofSeconds(3);
    Duration leaderRenewal = Duration.ZERO;
    List<String> seeds = List.of();
    Duration resolveExpiry = Duration.ofMinutes(60);

    @Nullable
    Pattern rejectedNames;

    List<Pattern> problemIgnoreFilters = List.of();
    String clusterAliasQuery = "";
    String clusterDomainQuery = "";
    String instanceAliasQuery = "";
    String promotionRuleQuery = "";
    String replicationAccountQuery = "";
    String dataCenterQuery = "";
    String regionQuery = "";
    String environmentQuery = "";
    String statusEndpoint = "/api/status";
    int blockMinutes = 60;
    int blockSeconds = 3600;

    private final ConfigProblems problems;
    private final Map<String, String> environment;
    private final List<String> recoveryForbiddenBy = new ArrayList<>();
    private final Set<String> unusable = new HashSet<>();
    private String key = "";
    private ConfigProblems.@Nullable Place place;
    private ListenAddress listen = new ListenAddress("", 3000);
    private String urlPrefix = "";
    private String lagQuery = "";
    private HostnameResolveMethod resolveMethod = HostnameResolveMethod.DEFAULT;

    SettingsDraft(ConfigProblems problems, Map<String, String> environment) {
        this.problems = problems;
        this.environment = environment;
    }

    /** Which key is read now, for messages; the place is null for a default. */
    void reading(String name, ConfigProblems.@Nullable Place where) {
        key = name;
        place = where;
    }

    /** The key that is being read has a value that cannot be used. */
    void violation(String message) {
        problems.error(place, key + " " + message);
        unusable.add(key);
    }

    private boolean isEmptyWithoutError(String value, String name) {
        return value.isEmpty() && !unusable.contains(name) && !unusable.contains("BackendDB");
    }

    void forbidRecovery(String name) {
        recoveryForbiddenBy.add(name);
    }

    int atLeast(int least, long value) {
        if (value < least || value > Integer.MAX_VALUE) {
            violation("must be at least " + least + (value > least ? " and smaller" : "") + ", not " + value);
            return Math.max(least, 1);
        }
        return (int) value;
    }

    Duration seconds(int least, long value) {
        return Duration.ofSeconds(atLeast(least, value));
    }

    Duration millis(int least, long value) {
        if (value < least || value > Integer.MAX_VALUE) {
            violation("must be at least " + least + (value > least ? " and smaller" : "") + ", not " + value);
            return Duration.ofMillis(Math.max(least, 1));
        }
        return Duration.ofMillis(value);
    }

    int port(long value) {
        if (value < 1 || value > 65_535) {
            violation("must be a port between 1 and 65535, not " + value);
            return 1;
        }
        return (int) value;
    }

    /** A text, or the value of the environment variable it names as ${NAME}; null, and said, when that is not set. */
    @Nullable
    String fromEnvironment(String value) {
        Matcher matcher = ENVIRONMENT.matcher(value);
        if (!matcher.matches()) {
            return value;
        }
        String found = environment.get(matcher.group(1));
        if (found == null) {
            violation("names the environment variable " + matcher.group(1) + ", which is not set");
        }
        return found;
    }

    /** The same with a value of any kind: texts, and the texts of a list. */
    @Nullable
    Object fromEnvironment(Object value) {
        if (value instanceof String text) {
            return fromEnvironment(text);
        }
        if (!(value instanceof List<?> list)) {
            return value;
        }
        List<Object> found = new ArrayList<>();
        for (Object element : list) {
            Object one = fromEnvironment(element);
            if (one == null) {
                return null;
            }
            found.add(one);
        }
        return found;
    }

    void credentialsFile(Account account, String file) {
        if (file.isEmpty()) {
            return;
        }
        try {
            ClientOptionFile read = ClientOptionFile.read(Path.of(file));
            if (read.user() != null) {
                account.user = read.user();
            }
            String password = read.password() == null ? null : fromEnvironment(read.password());
            if (password != null) {
                account.password(password);
            }
        } catch (IOException e) {
            violation(
                    "names " + file + ", which cannot be read: " + e.getClass().getSimpleName());
        }
    }

    void listenAddress(String text) {
        try {
            listen = ListenAddress.parse(text);
        } catch (IllegalArgumentException e) {
            violation(e.getMessage() + "");
        }
    }

    void advertise(String text) {
        if (text.isEmpty()) {
            return;
        }
        try {
            String host = URI.create(text).getHost();
            if (host != null) {
                allowedHosts.add(host);
                return;
            }
            violation("must be scheme://host:port, not " + text);
        } catch (IllegalArgumentException e) {
            violation("must be scheme://host:port, not " + text);
        }
    }

    void urlPrefix(String text) {
        String trimmed = text.replaceAll("^/+|/+$", "");
        urlPrefix = trimmed.isEmpty() ? "" : "/" + trimmed;
    }

    void backendKind(String text) {
        String kind = text.toLowerCase(Locale.ROOT);
        sqlite = kind.contains("sqlite");
        if (!sqlite && !kind.isEmpty() && !kind.equals("mysql")) {
            violation("must be mysql or sqlite, not " + text);
        }
    }

    /** The predecessor's is the timeout of one read, ours the deadline of the whole poll: only a given value counts. */
    void pollTimeout(long value) {
        if (place != null) {
            engine.pollTimeout(seconds(1, value));
        }
    }

    void lagQuery(String query) {
        if (!query.isEmpty() && !lagQuery.isEmpty() && !query.equals(lagQuery)) {
            violation("and its other name SlaveLagQuery / ReplicationLagQuery have different queries");
        }
        lagQuery = query.isEmpty() ? lagQuery : query;
    }

    void resolveMethod(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "none", "" -> resolveMethod = HostnameResolveMethod.NONE;
            case "default" -> resolveMethod = HostnameResolveMethod.DEFAULT;
            case "cname" -> resolveMethod = HostnameResolveMethod.CNAME;
            case "ip" -> resolveMethod = HostnameResolveMethod.IP;
            default -> violation("must be none, default, cname or ip, not " + text);
        }
    }

    void serverNaming(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "none", "" -> engine.serverNaming(ServerNaming.AS_GIVEN);
            case "@@hostname" -> engine.serverNaming(ServerNaming.HOSTNAME);
            case "@@report_host" -> engine.serverNaming(ServerNaming.REPORT_HOST);
            default -> violation("must be none, @@hostname or @@report_host, not " + text);
        }
    }

    @Nullable
    Pattern pattern(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            violation("is not a regular expression: " + text + " (" + e.getDescription() + ")");
            return null;
        }
    }

    List<Pattern> patterns(List<String> texts) {
        List<Pattern> compiled = new ArrayList<>();
        for (String text : texts) {
            Pattern pattern = pattern(text);
            if (pattern != null) {
                compiled.add(pattern);
            }
        }
        return compiled;
    }

    /** Checks the regular expressions among filters of clusters. */
    List<String> clusterFilters(List<String> filters) {
        for (String filter : filters) {
            if (filter.startsWith("alias~=")) {
                pattern(filter.substring("alias~=".length()));
            } else if (!filter.startsWith("alias=") && !filter.equals("*")) {
                pattern(filter);
            }
        }
        return filters;
    }

    /** By cluster filter, the filters separated by commas. */
    void acceptedReplicationFilters(Map<String, String> byCluster) {
        clusterFilters(List.copyOf(byCluster.keySet()));
        Map<String, List<String>> accepted = new TreeMap<>();
        byCluster.forEach((cluster, filters) -> accepted.put(
                cluster,
                Stream.of(filters.split(","))
                        .map(String::strip)
                        .filter(f -> !f.isEmpty())
                        .toList()));
        engine.acceptedReplicationFilters(accepted);
    }

    void semiSyncLossPolicy(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "refuse" -> engine.semiSyncLossPolicy(SemiSyncLossPolicy.REFUSE);
            case "refuse-if-infinite" -> engine.semiSyncLossPolicy(SemiSyncLossPolicy.REFUSE_IF_INFINITE);
            case "promote" -> engine.semiSyncLossPolicy(SemiSyncLossPolicy.PROMOTE);
            default -> violation("must be refuse, refuse-if-infinite or promote, not " + text);
        }
    }

    void clusterNameToAlias(Map<String, String> aliases) {
        aliases.keySet().forEach(this::pattern);
        engine.clusterNameToAlias(aliases);
    }

    /** Checks what concerns several keys, and finishes. The result means nothing when there were errors. */
    StandaloneSettings build(int defaultPort) {
        reading("RecoveryPeriodBlockSeconds", null);
        engine.recoveryBlockPeriod(
                blockSeconds > 0 ? Duration.ofSeconds(blockSeconds) : Duration.ofMinutes(blockMinutes));
        leaderTimes();
        engine.connectTimeout(connectTimeout);
        engine.recoveryForbiddenBy(recoveryForbiddenBy);
        engine.seeds(seedKeys(defaultPort));
        engine.detectionQueries(new DetectionQueries(
                clusterAliasQuery,
                clusterDomainQuery,
                instanceAliasQuery,
                promotionRuleQuery,
                dataCenterQuery,
                regionQuery,
                environmentQuery,
                lagQuery,
                replicationAccountQuery));
        return StandaloneSettings.builder()
                .engine(engine.build())
                .backend(backendSettings())
                .topologyCredentials(topology.credentials())
                .listen(listen)
                .urlPrefix(urlPrefix)
                .statusEndpoint(statusEndpoint)
                .allowedHosts(allowedHosts)
                .resolving(resolveMethod, resolveExpiry, rejectedNames)
                .problemIgnoreFilters(problemIgnoreFilters)
                .build();
    }

    private void leaderTimes() {
        reading("LeaderRenewMilliseconds", null);
        Duration renewal = leaderRenewal.isZero() ? leaderLease.dividedBy(4) : leaderRenewal;
        if (renewal.multipliedBy(2).compareTo(leaderLease) > 0) {
            violation("must be at most half of LeaderLeaseMilliseconds, which is " + leaderLease.toMillis() + ", not "
                    + renewal.toMillis());
            return;
        }
        engine.leaseTtl(leaderLease).leaseRenewInterval(renewal);
    }

    private List<InstanceKey> seedKeys(int defaultPort) {
        reading("DiscoverySeeds", null);
        List<InstanceKey> keys = new ArrayList<>();
        for (String seed : seeds) {
            try {
                keys.add(InstanceKey.parse(seed, defaultPort));
            } catch (IllegalArgumentException e) {
                violation("holds what is no instance: " + e.getMessage());
            }
        }
        return keys;
    }

    private BackendSettings backendSettings() {
        if (sqlite) {
            if (isEmptyWithoutError(sqliteFile, "SQLite3DataFile")) {
                problems.errorOfAll("SQLite3DataFile is empty: name the file of the sqlite backend");
            }
            return BackendSettings.sqlite(sqliteFile).withMigrate(migrate);
        }
        if (isEmptyWithoutError(backendDatabase, "MySQLOrchestratorDatabase")) {
            problems.errorOfAll(
                    "MySQLOrchestratorDatabase is empty: name the database of the mysql backend, or set BackendDB to"
                            + " sqlite and SQLite3DataFile to a file");
        }
        return new BackendSettings(
                BackendSettings.Kind.MYSQL,
                "",
                // As in the predecessor: without a host, this one.
                backendHost.isEmpty() ? "127.0.0.1" : backendHost,
                backendPort,
                backendDatabase,
                backend.credentials(),
                new BackendSettings.Limits(connectTimeout, backendReadTimeout, backendConnections),
                migrate);
    }
}
