package dev.orchestrator.standalone.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.config.DetectionQueries;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.config.ServerNaming;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.Credentials;
import dev.orchestrator.standalone.settings.BackendSettings;
import dev.orchestrator.standalone.settings.HostnameResolveMethod;
import dev.orchestrator.standalone.settings.ListenAddress;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
    private static final String SQLITE = "\"BackendDB\": \"sqlite\", \"SQLite3DataFile\": \"/x.db\"";

    @TempDir
    private Path folder;

    @Test
    void withoutAFileTheBackendIsAFileOfTheUserAndTheServiceIsLocal() {
        StandaloneSettings settings = loader(Map.of(), List.of()).load();

        assertThat(settings.backend().describe())
                .isEqualTo("sqlite in " + folder + "/.local/state/orchestrator/orchestrator.sqlite3");
        assertThat(settings.listen()).hasToString("127.0.0.1:3000");
        assertThat(settings.engine()).isEqualTo(OrchestratorConfig.builder().build());
    }

    @Test
    void theStateDirectoryOfTheEnvironmentIsUsed() {
        assertThat(loader(Map.of("XDG_STATE_HOME", "/state"), List.of())
                        .load()
                        .backend()
                        .sqliteFile())
                .isEqualTo("/state/orchestrator/orchestrator.sqlite3");
    }

    @Test
    void whatAFileOmitsHasThePredecessorsDefault() throws IOException {
        StandaloneSettings settings = load("{\"MySQLOrchestratorDatabase\": \"orchestrator\"}");

        assertThat(settings.listen()).isEqualTo(new ListenAddress("", 3000));
        assertThat(settings.backend())
                .isEqualTo(new BackendSettings(
                        BackendSettings.Kind.MYSQL,
                        "",
                        "127.0.0.1",
                        3306,
                        "orchestrator",
                        new Credentials("", ""),
                        new BackendSettings.Limits(Duration.ofSeconds(2), Duration.ofSeconds(30), 128),
                        true));
        assertThat(settings.topologyCredentials()).isEqualTo(new Credentials("", ""));
        assertThat(settings.urlPrefix()).isEmpty();
        assertThat(settings.statusEndpoint()).isEqualTo("/api/status");
        assertThat(settings.resolveMethod()).isEqualTo(HostnameResolveMethod.DEFAULT);
        assertThat(settings.resolveExpiry()).isEqualTo(Duration.ofMinutes(60));
        assertThat(settings.rejectedNames()).isNull();
        assertThat(settings.allowedHosts()).isEmpty();
        assertThat(settings.problemIgnoreFilters()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.engine())
                .isEqualTo(OrchestratorConfig.builder()
                        .connectTimeout(Duration.ofSeconds(2))
                        .maxConcurrentPolls(300)
                        .discoverByShowReplicas(false)
                        .serverNaming(ServerNaming.HOSTNAME)
                        .build());
    }

    @Test
    void theEnginesDefaultsAreThese() {
        OrchestratorConfig config = OrchestratorConfig.builder().build();

        assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.pollTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.lagThreshold()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.recoveryBlockPeriod()).isEqualTo(Duration.ofHours(1));
        assertThat(config.auditRetention()).isEqualTo(Duration.ofDays(7));
        assertThat(config.promotionRuleDuration()).isEqualTo(Duration.ofMinutes(60));
        assertThat(config.unseenForget()).isEqualTo(Duration.ofHours(240));
        assertThat(config.primaryRecoveryFilters()).isEmpty();
        assertThat(config.defaultPort()).isEqualTo(3306);
    }

    @Test
    void honouredKeysHaveTheirEffect() throws IOException {
        StandaloneSettings settings = load("""
                {"listenaddress": "[::1]:3100", "MySQLTopologyUser": "orc", "MySQLTopologyPassword": "${TOPOLOGY}",
                 "BackendDB": "sqlite3", "SQLite3DataFile": "/var/lib/orc.db", "InstancePollSeconds": 7,
                 "DiscoverByShowSlaveHosts": true, "HostnameResolveMethod": "cname",
                 "MySQLHostnameResolveMethod": "@@report_host", "DetectClusterAliasQuery": "select 'x'",
                 "ClusterNameToAlias": {"db1.*": "main"}, "RecoverMasterClusterFilters": ["*"],
                 "RecoverIntermediateMasterClusterFilters": ["alias=x"], "RecoveryPeriodBlockSeconds": 0,
                 "RecoveryPeriodBlockMinutes": 5, "DiscoverySeeds": ["db1:3307", "db2"], "DefaultInstancePort": 3399,
                 "MySQLDiscoveryReadTimeoutSeconds": 4, "URLPrefix": "orc/", "HTTPAllowedHosts": ["orc.example"],
                 "SlaveLagQuery": "select 1", "ReplicationLagQuery": "select 1", "Debug": null}
                """, Map.of("TOPOLOGY", "s3cret"));

        assertThat(settings.listen()).isEqualTo(new ListenAddress("::1", 3100));
        assertThat(settings.topologyCredentials()).isEqualTo(new Credentials("orc", "s3cret"));
        assertThat(settings.backend().describe()).isEqualTo("sqlite in /var/lib/orc.db");
        assertThat(settings.resolveMethod()).isEqualTo(HostnameResolveMethod.CNAME);
        assertThat(settings.urlPrefix()).isEqualTo("/orc");
        assertThat(settings.allowedHosts()).containsExactly("orc.example");
        OrchestratorConfig engine = settings.engine();
        assertThat(engine.pollInterval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(engine.pollTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(engine.discoverByShowReplicas()).isTrue();
        assertThat(engine.serverNaming()).isEqualTo(ServerNaming.REPORT_HOST);
        assertThat(engine.clusterNameToAlias()).containsExactly(Map.entry("db1.*", "main"));
        assertThat(engine.primaryRecoveryFilters()).containsExactly("*");
        assertThat(engine.intermediateRecoveryFilters()).containsExactly("alias=x");
        assertThat(engine.recoveryBlockPeriod()).isEqualTo(Duration.ofMinutes(5));
        assertThat(engine.seeds()).containsExactly(new InstanceKey("db1", 3307), new InstanceKey("db2", 3399));
        assertThat(engine.detectionQueries())
                .isEqualTo(new DetectionQueries("select 'x'", "", "", "", "", "", "", "select 1", ""));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void theLeaseAndTheNodesNameAreOurOwnKeys() throws IOException {
        OrchestratorConfig config = load("{" + SQLITE
                        + ", \"NodeName\": \" orc-1 \", \"LeaderLeaseMilliseconds\": 1000}")
                .engine();

        assertThat(config.nodeName()).isEqualTo("orc-1");
        assertThat(config.leaseTtl()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.leaseRenewInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(load("{" + SQLITE + ", \"LeaderRenewMilliseconds\": 1500}")
                        .engine()
                        .leaseRenewInterval())
                .isEqualTo(Duration.ofMillis(1500));
    }

    @ParameterizedTest
    @CsvSource({
        "199, 0, LeaderLeaseMilliseconds must be at least 200",
        "3000000000, 0, LeaderLeaseMilliseconds must be at least 200 and smaller",
        "1000, 501, 'LeaderRenewMilliseconds must be at most half of LeaderLeaseMilliseconds, which is 1000, not 501'"
    })
    void aLeaseThatCannotBeKeptStopsTheStart(long lease, long renewal, String said) {
        assertThatThrownBy(() -> load("{" + SQLITE + ", \"LeaderLeaseMilliseconds\": " + lease
                        + ", \"LeaderRenewMilliseconds\": " + renewal + "}"))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining(said);
    }

    @Test
    void laterFilesOverrideEarlierOnes() throws IOException {
        Path first = write("first.json", "{" + SQLITE + ", \"InstancePollSeconds\": 3, \"URLPrefix\": \"a\"}");
        Path second = write("second.json", "{\"URLPrefix\": \"b\"}");
        Path absent = folder.resolve("absent.json");

        StandaloneSettings settings =
                loader(Map.of(), List.of(first, absent, second)).load();

        assertThat(settings.urlPrefix()).isEqualTo("/b");
        assertThat(settings.engine().pollInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.files()).containsExactly(first, second);
    }

    @Test
    void credentialsFilesOverrideUserAndPasswordWhereverTheyStand() throws IOException {
        Path file = write("my.cnf", """
                # comment
                [mysqld]
                user = mysql
                [client]
                user=orc_user ; not a comment
                password = "p#a\\"ss"   # comment
                """);

        StandaloneSettings settings = load("{" + SQLITE + ", \"MySQLTopologyCredentialsConfigFile\": \"" + file
                + "\", \"MySQLTopologyUser\": \"x\", \"MySQLTopologyPassword\": \"y\"}");

        assertThat(settings.topologyCredentials()).isEqualTo(new Credentials("orc_user ; not a comment", "p#a\"ss"));
    }

    @Test
    void anUnknownKeyIsWarnedAboutWithTheNearestKnownOne() throws IOException {
        assertThat(load("{" + SQLITE + ",\n \"InstancePolSeconds\": 3, \"BufferBinlogEvents\": true}")
                        .warnings())
                .singleElement()
                .asString()
                .endsWith("orchestrator.conf.json:2:2: unknown key InstancePolSeconds has no effect; did you mean"
                        + " InstancePollSeconds?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AuthenticationMethod | \"basic\"",
                "ReadOnly | true",
                "UseSSL | true",
                "UseMutualTLS | true",
                "RaftEnabled | true",
                "ListenSocket | \"/run/orc.sock\""
            })
    void aKeyWhoseAbsenceWouldBeUnsafeStopsTheStartByName(String key, String value) {
        assertThatThrownBy(() -> load("{" + SQLITE + ", \"" + key + "\": " + value + "}"))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining(key + " is not honoured yet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PreventCrossDataCenterMasterFailover | true",
                "PreventCrossRegionMasterFailover | true",
                "PromotionIgnoreHostnameFilters | [\"x\"]",
                "RecoveryIgnoreHostnameFilters | [\"x\"]",
                "FailMasterPromotionOnLagMinutes | 1",
                "FailMasterPromotionIfSQLThreadNotUpToDate | true",
                "DelayMasterPromotionIfSQLThreadNotUpToDate | true",
                "PreFailoverProcesses | [\"x\"]",
                "PreGracefulTakeoverProcesses | [\"x\"]",
                "ApplyMySQLPromotionAfterMasterFailover | false"
            })
    void aKeyWhoseAbsenceCouldPromoteTheWrongServerForbidsAutomaticRecoveryByName(String key, String value)
            throws IOException {
        StandaloneSettings settings = load("{" + SQLITE + ", \"" + key + "\": " + value + "}");

        assertThat(settings.engine().recoveryForbiddenBy()).containsExactly(key);
        assertThat(settings.warnings()).singleElement().asString().contains(key, "automatic recovery is switched off");
    }

    @Test
    void unsafeKeysAtTheirDefaultsAreFine() throws IOException {
        StandaloneSettings settings = load(
                "{" + SQLITE
                        + ", \"AuthenticationMethod\": \"\", \"UseSSL\": false, \"PreFailoverProcesses\": [], \"Debug\": false}");

        assertThat(settings.engine().recoveryForbiddenBy()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithItsPlace() {
        assertThatThrownBy(() -> load("""
                {"InstancePollSeconds": "five",
                 "ListenAddress": "nowhere",
                 "DiscoverySeeds": ["a b"],
                 "MySQLTopologyPassword": "${NOT_SET}"}
                """))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining(".json:1:2: InstancePollSeconds must be a whole number, 0 or more, not a text")
                .hasMessageContaining(".json:2:2: ListenAddress must be :port, host:port or [ipv6]:port, not 'nowhere'")
                .hasMessageContaining("DiscoverySeeds holds what is no instance")
                .hasMessageContaining("NOT_SET, which is not set")
                .hasMessageContaining("MySQLOrchestratorDatabase is empty");
    }

    @Test
    void anUnsetVariableStopsTheStartByNameWhereverItStands() {
        assertThatThrownBy(() -> load("""
                {"MySQLOrchestratorHost": "${BACKEND_HOST}", "MySQLOrchestratorDatabase": "${BACKEND_SCHEMA}",
                 "MySQLTopologyUser": "${ACCOUNT}",
                 "DiscoverySeeds": ["db1", "${SEED}"]}
                """, Map.of("BACKEND_SCHEMA", "orc")))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining(".json:1:2: MySQLOrchestratorHost names the environment variable BACKEND_HOST,"
                        + " which is not set")
                .hasMessageContaining(".json:2:2: MySQLTopologyUser names the environment variable ACCOUNT")
                .hasMessageContaining(".json:3:2: DiscoverySeeds names the environment variable SEED")
                .hasMessageNotContaining("BACKEND_SCHEMA")
                .hasMessageNotContaining("is empty");
    }

    @Test
    void aVariableStandsForAnyTextButNotInCommandsOfAShell() throws IOException {
        StandaloneSettings settings =
                load("""
                {"BackendDB": "${KIND}", "SQLite3DataFile": "${DATA}", "DiscoverySeeds": ["${SEED}"],
                 "OnFailureDetectionProcesses": ["${SCRIPT}"], "DetectClusterAliasQuery": "select '${x}'"}
                """, Map.of("KIND", "sqlite", "DATA", "/var/lib/${x}.db", "SEED", "db1:3307"));

        assertThat(settings.backend().describe()).isEqualTo("sqlite in /var/lib/${x}.db");
        assertThat(settings.engine().seeds()).containsExactly(new InstanceKey("db1", 3307));
        assertThat(settings.engine().detectionQueries().clusterAlias()).isEqualTo("select '${x}'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"Debug\": tru}", "{\"Debug\": true", "{\"Debug\": true} x", "{Debug: true}"})
    void malformedFilesAreRefusedWithLineAndColumn(String json) {
        assertThatThrownBy(() -> load(json))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageMatching("(?s).*orchestrator\\.conf\\.json:\\d+:\\d+: .*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'BackendDB': 'sqlite', 'SQLite3DataFile': '/x.db' 'Debug': true} | not valid JSON",
                "{'BackendDB': 'sqlite', | not valid JSON",
                "{'BackendDB': 'sqlite', 'SQLite3DataFile': 5} | SQLite3DataFile must be a text, not 5",
                "{'BackendDB': 'postgres'} | BackendDB must be mysql or sqlite, not postgres",
                "{'BackendDB': true} | BackendDB must be a text, not true",
                "{'MySQLOrchestratorDatabase': ['o']} | MySQLOrchestratorDatabase must be a text, not a list"
            })
    void oneFaultIsOneError(String json, String said) {
        assertThatThrownBy(() -> load(json.replace('\'', '"')))
                .hasMessageMatching(".*orchestrator\\.conf\\.json:1:\\d+: [^;]*")
                .hasMessageContaining(said);
    }

    @Test
    void aFileThatIsNoTextIsSaidToBeNone() throws IOException {
        Path file = Files.write(folder.resolve("bytes.json"), new byte[] {'{', (byte) 0xff, '}'});
        assertThatThrownBy(() -> loader(Map.of(), List.of()).load(file))
                .hasMessageContaining("it is not text in UTF-8");
        assertThatThrownBy(() -> loader(Map.of(), List.of()).load(folder)).hasMessageContaining("Is a directory");
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws IOException {
        assertThat(load("\uFEFF{" + SQLITE + "}").backend().sqliteFile()).isEqualTo("/x.db");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> loader(Map.of(), List.of()).load(folder.resolve("none.json")))
                .hasMessageContaining("there is no configuration file " + folder.resolve("none.json"));
    }

    @Test
    void passwordsNeverShow() throws IOException {
        StandaloneSettings settings =
                load("{" + SQLITE + ", \"MySQLTopologyUser\": \"u\"," + " \"MySQLTopologyPassword\": \"hidden\"}");

        assertThat(settings + " " + settings.topologyCredentials() + settings.backend())
                .doesNotContain("hidden");
        assertThatThrownBy(() -> load("{\"MySQLTopologyPassword\": [\"hidden\"], \"ReadOnly\": \"hidden\"}"))
                .hasMessageNotContaining("hidden");
    }

    private StandaloneSettings load(String json) throws IOException {
        return load(json, Map.of());
    }

    private StandaloneSettings load(String json, Map<String, String> environment) throws IOException {
        return loader(environment, List.of()).load(write("orchestrator.conf.json", json));
    }

    private SettingsLoader loader(Map<String, String> environment, List<Path> places) {
        return new SettingsLoader(environment, folder, places);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
