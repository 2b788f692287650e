package dev.orchestrator.standalone.internal.config;

import static dev.orchestrator.standalone.internal.config.ConfigKey.honoured;
import static dev.orchestrator.standalone.internal.config.ValueType.LIST;
import static dev.orchestrator.standalone.internal.config.ValueType.MAP;
import static dev.orchestrator.standalone.internal.config.ValueType.STRING;
import static dev.orchestrator.standalone.internal.config.ValueType.UINT;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every key of the configuration file: the predecessor's in its order, then our own. */
public final class ConfigKeys {
    private static final List<ConfigKey<?>> OWN = List.of(
            honoured(
                    "HTTPAllowedHosts",
                    LIST,
                    List.of(),
                    "our own: further host names under which orders are accepted over HTTP, such as a load balancer's;"
                            + " * for any",
                    (d, v) -> d.allowedHosts.addAll(v)),
            honoured(
                    "NodeName",
                    STRING,
                    "",
                    "our own: what this node is called among the nodes of the backend; the host's name unless set",
                    (d, v) -> d.engine.nodeName(v.strip())),
            honoured(
                    "LeaderLeaseMilliseconds",
                    UINT,
                    3000L,
                    "our own: how long leadership holds without renewal, at least 200; a leader that died is succeeded"
                            + " within that time and a second. The same on every node",
                    (d, v) -> d.leaderLease = d.millis(200, v)),
            honoured(
                    "LeaderRenewMilliseconds",
                    UINT,
                    0L,
                    "our own: how often it is renewed, at most half of the lease; 0 for a quarter of it",
                    (d, v) -> d.leaderRenewal = d.millis(0, v)),
            honoured(
                    "AcceptedReplicationFilters",
                    MAP,
                    Map.of(),
                    "our own: replication filters that do not keep a replica from being promoted, by cluster filter,"
                            + " separated by commas, such as {\"alias=shop\": \"replicate-ignore-table=app.log\"}",
                    (d, v) -> d.acceptedReplicationFilters(v)),
            honoured(
                    "SemiSyncLossPolicy",
                    STRING,
                    "refuse-if-infinite",
                    "our own: refuse, refuse-if-infinite or promote, when only silent servers may hold what a dead"
                            + " primary acknowledged; see docs/recovery.md",
                    (d, v) -> d.semiSyncLossPolicy(v)));

    private static final List<ConfigKey<?>> PREDECESSORS = Stream.of(
                    ConnectionKeys.ALL, ObservationKeys.ALL, ClassificationKeys.ALL, RecoveryKeys.ALL)
            .<ConfigKey<?>>flatMap(List::stream)
            .toList();

    private static final List<ConfigKey<?>> ALL =
            Stream.concat(PREDECESSORS.stream(), OWN.stream()).toList();

    /** Names that the predecessor accepted without a warning although they had gone. */
    private static final List<String> RETIRED = List.of(
            "DatabaselessMode__experimental",
            "BufferBinlogEvents",
            "BinlogFileHistoryDays",
            "MaintenanceOwner",
            "ReadLongRunningQueries",
            "DiscoveryPollSeconds",
            "ActiveNodeExpireSeconds",
            "AuditPageSize",
            "SlaveStartPostWaitMilliseconds",
            "MySQLTopologyMaxPoolConnections",
            "MaintenancePurgeDays",
            "MaintenanceExpireMinutes",
            "HttpTimeoutSeconds",
            "AgentAutoDiscover",
            "PseudoGTIDCoordinatesHistoryHeuristicMinutes",
            "PseudoGTIDPreferIndependentMultiMatch",
            "MaxOutdatedKeysToShow");

    private static final Map<String, ConfigKey<?>> BY_NAME = byName();

    private ConfigKeys() {}

    /**
     * All keys.
     *
     * @return the predecessor's 190 in its order, then our own
     */
    public static List<ConfigKey<?>> all() {
        return ALL;
    }

    static List<ConfigKey<?>> predecessors() {
        return PREDECESSORS;
    }

    static Optional<ConfigKey<?>> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether the key had gone before our time, so that nobody need hear of it. */
    static boolean isRetired(String name) {
        return RETIRED.stream().anyMatch(name::equalsIgnoreCase);
    }

    static List<String> names() {
        return ALL.stream().<String>map(ConfigKey::name).toList();
    }

    private static Map<String, ConfigKey<?>> byName() {
        Map<String, ConfigKey<?>> map = new TreeMap<>();
        ALL.forEach(key -> map.put(key.name().toLowerCase(Locale.ROOT), key));
        return map;
    }
}
