package dev.orchestrator.standalone.internal.config;

import static dev.orchestrator.standalone.internal.config.ConfigKey.honoured;
import static dev.orchestrator.standalone.internal.config.ConfigKey.noEffect;
import static dev.orchestrator.standalone.internal.config.ConfigKey.notYet;
import static dev.orchestrator.standalone.internal.config.ConfigKey.stopsStart;
import static dev.orchestrator.standalone.internal.config.ValueType.BOOL;
import static dev.orchestrator.standalone.internal.config.ValueType.INT;
import static dev.orchestrator.standalone.internal.config.ValueType.LIST;
import static dev.orchestrator.standalone.internal.config.ValueType.STRING;
import static dev.orchestrator.standalone.internal.config.ValueType.UINT;

import java.util.List;

/** The service itself, its backend and the way to the monitored servers. */
final class ConnectionKeys {
    static final List<ConfigKey<?>> ALL = List.of(
            notYet("Debug", BOOL, false),
            notYet("EnableSyslog", BOOL, false),
            honoured("ListenAddress", STRING, ":3000", (d, v) -> d.listenAddress(v)),
            stopsStart("ListenSocket", STRING, "", "a TCP port would be opened instead; set ListenAddress"),
            honoured(
                    "HTTPAdvertise",
                    STRING,
                    "",
                    "its host is a name under which orders are accepted",
                    (d, v) -> d.advertise(v)),
            noEffect("AgentsServerPort", STRING, ":3001", "agents are not supported"),
            honoured("MySQLTopologyUser", STRING, "", (d, v) -> d.topology.user = v),
            honoured("MySQLTopologyPassword", STRING, "", (d, v) -> d.topology.password(v)),
            honoured("MySQLTopologyCredentialsConfigFile", STRING, "", (d, v) -> d.credentialsFile(d.topology, v)),
            notYet("MySQLTopologySSLPrivateKeyFile", STRING, ""),
            notYet("MySQLTopologySSLCertFile", STRING, ""),
            notYet("MySQLTopologySSLCAFile", STRING, ""),
            notYet("MySQLTopologySSLSkipVerify", BOOL, false),
            stopsStart("MySQLTopologyUseMutualTLS", BOOL, false, "monitored servers would be spoken to without TLS"),
            noEffect("MySQLTopologyUseMixedTLS", BOOL, true, "servers are asked to use TLS where they can"),
            noEffect("TLSCacheTTLFactor", UINT, 100L, "had no effect"),
            honoured("BackendDB", STRING, "mysql", (d, v) -> d.backendKind(v)),
            honoured("SQLite3DataFile", STRING, "", (d, v) -> d.sqliteFile = v),
            honoured("SkipOrchestratorDatabaseUpdate", BOOL, false, (d, v) -> d.migrate = !v),
            notYet("PanicIfDifferentDatabaseDeploy", BOOL, false),
            stopsStart("RaftEnabled", BOOL, false, "nodes share one MySQL backend here, see docs/configuration.md"),
            noEffect("RaftBind", STRING, "127.0.0.1:10008", "see RaftEnabled"),
            noEffect("RaftAdvertise", STRING, "", "see RaftEnabled"),
            noEffect("RaftDataDir", STRING, "", "see RaftEnabled"),
            noEffect("DefaultRaftPort", INT, 10_008L, "see RaftEnabled"),
            noEffect("RaftNodes", LIST, List.of(), "see RaftEnabled"),
            noEffect("ExpectFailureAnalysisConcensus", BOOL, true, "had no effect"),
            honoured("MySQLOrchestratorHost", STRING, "", (d, v) -> d.backendHost = v),
            honoured(
                    "MySQLOrchestratorMaxPoolConnections", INT, 128L, (d, v) -> d.backendConnections = d.atLeast(1, v)),
            honoured("MySQLOrchestratorPort", UINT, 3306L, (d, v) -> d.backendPort = d.port(v)),
            honoured("MySQLOrchestratorDatabase", STRING, "", (d, v) -> d.backendDatabase = v),
            honoured("MySQLOrchestratorUser", STRING, "", (d, v) -> d.backend.user = v),
            honoured("MySQLOrchestratorPassword", STRING, "", (d, v) -> d.backend.password(v)),
            honoured("MySQLOrchestratorCredentialsConfigFile", STRING, "", (d, v) -> d.credentialsFile(d.backend, v)),
            notYet("MySQLOrchestratorSSLPrivateKeyFile", STRING, ""),
            notYet("MySQLOrchestratorSSLCertFile", STRING, ""),
            notYet("MySQLOrchestratorSSLCAFile", STRING, ""),
            notYet("MySQLOrchestratorSSLSkipVerify", BOOL, false),
            stopsStart("MySQLOrchestratorUseMutualTLS", BOOL, false, "the backend would be spoken to without TLS"),
            honoured("MySQLOrchestratorReadTimeoutSeconds", INT, 30L, (d, v) -> d.backendReadTimeout = d.seconds(1, v)),
            notYet("MySQLOrchestratorRejectReadOnly", BOOL, false),
            honoured("MySQLConnectTimeoutSeconds", INT, 2L, (d, v) -> d.connectTimeout = d.seconds(1, v)),
            honoured(
                    "MySQLDiscoveryReadTimeoutSeconds",
                    INT,
                    10L,
                    "the deadline of a whole poll, which is 2 seconds when the file omits the key",
                    (d, v) -> d.pollTimeout(v)),
            notYet("MySQLTopologyReadTimeoutSeconds", INT, 600L),
            noEffect(
                    "MySQLConnectionLifetimeSeconds",
                    INT,
                    0L,
                    "one held connection per server, made anew when it breaks"),
            honoured("DefaultInstancePort", INT, 3306L, (d, v) -> d.engine.defaultPort(d.port(v))));

    private ConnectionKeys() {}
}
