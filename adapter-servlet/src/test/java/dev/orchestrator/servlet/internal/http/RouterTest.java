package dev.orchestrator.servlet.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.StructureWarning;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.recovery.RecoveryFilter;
import dev.orchestrator.api.recovery.RecoveryOutcome;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.servlet.fake.FakeExchange;
import dev.orchestrator.servlet.fake.FakeOrchestrator;
import dev.orchestrator.servlet.fake.Fleets;
import dev.orchestrator.spi.Right;
import dev.orchestrator.standalone.settings.HttpSettings;
import dev.orchestrator.standalone.settings.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    @TempDir
    private static Path folder;

    private static JooqBackend backend;

    private final HttpSettings settings = HttpSettings.at(new ListenAddress("127.0.0.1", 3000), List.of());
    private FakeOrchestrator orchestrator;
    private Router router;

    @BeforeAll
    static void openBackend() {
        backend = JooqBackend.sqlite(folder.resolve("backend.sqlite3"), JooqBackendOptions.forCommand());
    }

    @AfterAll
    static void closeBackend() {
        backend.close();
    }

    @BeforeEach
    void makeRouter() {
        orchestrator = new FakeOrchestrator(backend);
        router = new Router(() -> orchestrator, settings, List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/status",
                "/api/health",
                "/api/lb-check",
                "/api/_ping",
                "/api/leader-check",
                "/api/leader-check/503",
                "/api/routed-leader-check/",
                "/api/headers",
                "/api/discover/db1.example/3306",
                "/api/refresh/db1.example/3306",
                "/api/async-discover/db1.example/3306",
                "/api/instance/db1.example/3306",
                "/api/instance/db1/3306/",
                "/api/instance/10.0.0.1/3306",
                "/api/instance-replicas/db1.example/3306",
                "/api/all-instances",
                "/api/bulk-instances",
                "/api/search/db2",
                "/api/search",
                "/api/problems",
                "/api/problems/main",
                "/api/downtimed",
                "/api/downtimed/main",
                "/api/downtimed/",
                "/api/cluster/main",
                "/api/cluster/db1.example:3306",
                "/api/cluster/db2:3306",
                "/api/cluster/alias/main",
                "/api/cluster/instance/db2/3306",
                "/api/cluster-info/main",
                "/api/cluster-info/alias/main",
                "/api/cluster-osc-replicas/main",
                "/api/clusters",
                "/api/clusters-info",
                "/api/masters",
                "/api/master/main",
                "/api/master/lost.example:3307",
                "/api/topology/main",
                "/api/topology/db1/3306",
                "/api/topology-tabulated/main",
                "/api/topology-tabulated/db1.example/3306",
                "/api/audit",
                "/api/audit/0",
                "/api/audit/instance/db1/3306",
                "/api/audit/instance/db1/3306/1",
                "/api/replication-analysis",
                "/api/replication-analysis/main",
                "/api/replication-analysis/instance/db1/3306",
                "/api/recovery-plan/db1.example/3306",
                "/api/last-decision/db1/3306",
                "/api/check-global-recoveries",
                "/api/automated-recovery-filters",
                "/api/blocked-recoveries",
                "/api/blocked-recoveries/cluster/main",
                "/api/audit-recovery",
                "/api/audit-recovery/1",
                "/api/audit-recovery/id/1",
                "/api/audit-recovery/uid/x",
                "/api/audit-recovery/cluster/main",
                "/api/audit-recovery/cluster/gone:3306/1",
                "/api/audit-recovery/alias/main",
                "/api/audit-recovery/alias/main/1",
                "/api/audit-recovery-steps/x",
                "/api/active-cluster-recovery/main",
                "/api/recently-active-cluster-recovery/main",
                "/api/recently-active-instance-recovery/db1/3306",
                "/api/maintenance",
                "/api/in-maintenance/db1/3306",
                "/api/live",
                "/web/clusters",
                "/web/cluster/main",
                "/web/assets/page.js"
            })
    void answers(String path) {
        assertThat(get(path).status()).as(get(path).body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/nothing",
                "/api/instance/db1",
                "/api/instance/db1.example%2F3306/x",
                "/api/clusters/x",
                "/api//clusters",
                "/api/%zz",
                "/web/assets/none.js",
                "/favicon.ico",
                "/apix/clusters"
            })
    void whatIsUnknownIsNotFoundInPlainText(String path) {
        FakeExchange exchange = get(path);

        assertThat(exchange.status()).isEqualTo(404);
        assertThat(exchange.body()).isEqualTo("404 page not found\n");
        assertThat(exchange.answered().contentType()).startsWith("text/plain");
    }

    @Test
    void postIsNotFoundAndHeadIsGet() {
        assertThat(call("POST", "/api/clusters").status()).isEqualTo(404);
        assertThat(call("POST", "/").status()).isEqualTo(404);
        assertThat(call("HEAD", "/api/clusters").status()).isEqualTo(200);
        assertThat(call("HEAD", "/").status()).isEqualTo(302);
    }

    @Test
    void headOfAnOrderIsNotObeyed() {
        assertThat(call("HEAD", "/api/forget/db1.example/3306").status()).isEqualTo(405);
        assertThat(orchestrator.orders).isEmpty();
    }

    @Test
    void theRootLeadsToThePage() {
        assertThat(get("/").answered().headers()).containsEntry("Location", "/web/clusters");
        assertThat(get("/web").answered().headers()).containsEntry("Location", "/web/clusters");
    }

    @Test
    void aPrefixStandsBeforeEverything() {
        router = new Router(
                () -> orchestrator,
                new HttpSettings(settings.listen(), "/orc", "/up", List.of(), List.of()),
                List.of());

        assertThat(get("/orc/api/clusters").status()).isEqualTo(200);
        assertThat(get("/api/clusters").status()).isEqualTo(404);
        assertThat(get("/up").status()).isEqualTo(200);
        assertThat(get("/").answered().headers()).containsEntry("Location", "/orc/web/clusters");
        assertThat(get("/orc/web/clusters").body()).contains("<base href=\"/orc/\">");
    }

    @Test
    void errorsAreTheEnvelopeWithStatus500() {
        FakeExchange exchange = get("/api/instance/db9.example/3306");

        assertThat(exchange.status()).isEqualTo(500);
        assertThat(exchange.json())
                .hasToString(
                        "{Code=ERROR, Message=no instance db9.example:3306 is known; did you mean db1.example:3306?,"
                                + " Details=null}");
        assertThat(get("/api/leader-check/999").status()).isEqualTo(500);
        assertThat(get("/api/instance/db1/99999").field("Message")).asString().contains("port of db1");
    }

    @Test
    void aBackendThatIsNotThereYetIsSaidInEveryAnswer() {
        router = new Router(
                () -> {
                    throw new OrchestratorException(ErrorCode.BACKEND_UNAVAILABLE, "the backend is away since 10:00");
                },
                settings,
                List.of());

        assertThat(get("/api/status").status()).isEqualTo(500);
        assertThat(get("/api/clusters").field("Message")).isEqualTo("the backend is away since 10:00");
    }

    @Test
    void theLeaderIsKnownByItsStatus() {
        assertThat(get("/api/leader-check").body()).isEqualTo("\"OK\"");
        orchestrator.leading = false;
        assertThat(get("/api/leader-check").status()).isEqualTo(404);
        assertThat(get("/api/leader-check/503").status()).isEqualTo(503);
        assertThat(get("/api/leader-check").body()).isEqualTo("\"Not leader\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/forget/db1/3306",
                "/api/refresh/db1/3306",
                "/api/recover/db1/3306",
                "/api/stop-replica/db1/3306",
                "/api/relocate/db2.example/3306/db1/3306",
                "/api/graceful-master-takeover-auto/db1/3306",
                "/api/begin-maintenance/db1/3306/me/why",
                "/api/begin-downtime/db1/3306/me/why",
                "/api/end-downtime/db1/3306",
                "/api/register-candidate/db1/3306/prefer",
                "/api/recovery-plan/db1/3306"
            })
    void ordersWantTheExactName(String path) {
        FakeExchange exchange = get(path);

        assertThat(exchange.status()).isEqualTo(500);
        assertThat(exchange.field("Message")).asString().contains("no instance db1:3306 is known", "db1.example:3306");
    }

    @Test
    void ordersFromAnotherSitesPageAreRefusedAndReadingIsNot() {
        FakeExchange order = new FakeExchange("GET", "/api/forget/db1.example/3306")
                .header("Host", "localhost:3000")
                .header("Origin", "http://evil.example");
        FakeExchange reading = new FakeExchange("GET", "/api/clusters").header("Origin", "http://evil.example");
        router.handle(order);
        router.handle(reading);

        assertThat(order.status()).isEqualTo(403);
        assertThat(order.field("Code")).isEqualTo("ERROR");
        assertThat(orchestrator.orders).isEmpty();
        assertThat(reading.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"grab-election,seize", "reelect,vacate"})
    void leadershipIsTakenAndDropped(String route, String order) {
        assertThat(get("/api/" + route).status()).isEqualTo(200);
        assertThat(orchestrator.orders).containsExactly(order);
    }

    @Test
    void whoOrdersItIsTheOwnerElseTheAddress() {
        get("/api/discover/db1.example/3306");
        get("/api/forget/db1.example/3306");

        assertThat(orchestrator.orders)
                .containsExactly(
                        "discover db1.example:3306 by 192.0.2.7 (http@node1)",
                        "forget db1.example:3306 by 192.0.2.7 (http@node1)");
    }

    @Test
    void segmentsMayEndInNewlinesAsThePredecessorsClientSendsThem() {
        FakeExchange begun = get("/api/begin-maintenance/db1.example/3306/me%0A/moving%20it%0A/");

        assertThat(begun.status()).as(begun.body()).isEqualTo(200);
        assertThat(get("/api/maintenance").body()).contains("\"Owner\":\"me\",\"Reason\":\"moving it\"");
        assertThat(get("/api/in-maintenance/db1/3306").json())
                .hasToString("{Code=OK, Message=true, Details=db1.example:3306}");
        FakeExchange again = get("/api/begin-maintenance/db1.example/3306/you/too");
        assertThat(again.status()).isEqualTo(500);
        assertThat(again.field("Details")).isEqualTo(0L);
        assertThat(get("/api/end-maintenance/db1.example/3306").status()).isEqualTo(200);
        assertThat(get("/api/maintenance").body()).isEqualTo("[]");
    }

    @Test
    void maintenanceEndsByItsNumber() {
        get("/api/begin-maintenance/db2.example/3306/me/why");
        String id = get("/api/maintenance").body().replaceAll(".*\"MaintenanceId\":(\\d+).*", "$1");

        assertThat(get("/api/end-maintenance/" + id).field("Details")).isEqualTo(Long.parseLong(id));
        assertThat(get("/api/end-maintenance/" + id).status()).isEqualTo(500);
    }

    @Test
    void downtimeIsShownAuditedAndEnded() {
        assertThat(get("/api/begin-downtime/db3.example/3306/me/repair/2h").status())
                .isEqualTo(200);
        assertThat(get("/api/downtimed/main").body())
                .contains("\"DowntimeReason\":\"repair\",\"DowntimeOwner\":\"me\"");
        assertThat(get("/api/problems").body())
                .doesNotContain("\"Hostname\":\"db3.example\",\"Port\":3306},\"InstanceAlias");
        assertThat(get("/api/audit").body()).contains("begin-downtime", "for 2h: repair");
        assertThat(get("/api/end-downtime/db3.example/3306").status()).isEqualTo(200);
        assertThat(get("/api/downtimed").body()).isEqualTo("[]");
        assertThat(get("/api/begin-downtime/db3.example/3306/me/repair/2x").status())
                .isEqualTo(500);
    }

    @Test
    void thePromotionRuleIsRegisteredAndMustIsRefused() {
        assertThat(get("/api/register-candidate/db2.example/3306/prefer").json())
                .hasToString("{Code=OK, Message=Registered candidate, Details={Hostname=db2.example, Port=3306}}");
        assertThat(get("/api/instance/db2/3306").field("PromotionRule")).isEqualTo("prefer");
        assertThat(get("/api/register-candidate/db2.example/3306/must").status())
                .isEqualTo(500);
        assertThat(get("/api/register-candidate/db2.example/3306/maybe").status())
                .isEqualTo(500);
    }

    @Test
    void recoveriesAreSwitchedOffAndOnForAll() {
        assertThat(get("/api/disable-global-recoveries").field("Details")).isEqualTo("disabled");
        assertThat(get("/api/check-global-recoveries").field("Details")).isEqualTo("disabled");
        assertThat(get("/api/enable-global-recoveries").field("Details")).isEqualTo("enabled");
        assertThat(get("/api/check-global-recoveries").field("Message")).isEqualTo("Global recoveries are enabled");
    }

    @Test
    void theTreeIsDrawn() {
        assertThat(get("/api/topology/main").field("Details")).isEqualTo("""
                db1.example:3306   [0s,ok,8.0.31,rw,ROW,>>,GTID]
                + db2.example:3306 [0s,ok,8.0.31,ro,ROW,>>,GTID]
                + db3.example:3306 [0s,ok,8.0.31,ro,ROW,>>,GTID:errant]""");
        assertThat(get("/api/topology-tabulated/main").field("Details")).isEqualTo("""
                db1.example:3306  |0s|ok|8.0.31|rw|ROW|       >>,GTID
                + db2.example:3306|0s|ok|8.0.31|ro|ROW|       >>,GTID
                + db3.example:3306|0s|ok|8.0.31|ro|ROW|>>,GTID:errant""");
        assertThat(get("/api/topology/lost.example:3307").field("Details"))
                .isEqualTo("lost.example:3307 [unknown,invalid]");
    }

    @Test
    void theAnalysisIsInTheEnvelope() {
        orchestrator.analyses = List.of(Fleets.deadPrimary());

        assertThat(get("/api/replication-analysis").field("Message")).isEqualTo("Analysis");
        assertThat(get("/api/replication-analysis/main").body())
                .contains("\"Analysis\":\"DeadMaster\"", "\"IsActionableRecovery\":true");
        assertThat(get("/api/replication-analysis/lost.example:3307").field("Details"))
                .isEqualTo(List.of());
    }

    @Test
    void operationsAreOrderedAndARefusedOneSaysWhy() {
        FakeExchange refused = get("/api/relocate-below/db2.example/3306/db1.example/3306");
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.json())
                .hasToString("{Code=ERROR, Message=will not relocate db2.example:3306 db1.example:3306:"
                        + " the primary answers, Details={Hostname=db2.example, Port=3306}}");

        orchestrator.outcome = new RecoveryOutcome(new Decision(null, List.of(), null), null);
        FakeExchange stopped = get("/api/stop-slave/db2.example/3306");
        assertThat(stopped.status()).isEqualTo(200);
        assertThat(stopped.body()).contains("\"Message\":\"Replica stopped: db2.example:3306\"", "\"SlaveHosts\"");
        assertThat(get("/api/set-read-only/db1.example/3306").status()).isEqualTo(200);
        assertThat(orchestrator.orders)
                .anyMatch(o -> o.startsWith("stop-replica db2.example:3306 by "))
                .anyMatch(o -> o.startsWith("set-read-only db1.example:3306 by "));
    }

    @Test
    void aRefusedRecoverySaysWhy() {
        FakeExchange exchange = get("/api/recover/db1.example/3306");

        assertThat(exchange.status()).isEqualTo(500);
        assertThat(exchange.json())
                .hasToString("{Code=ERROR, Message=Recovery not attempted: NO_PROBLEM: the primary answers,"
                        + " Details={Hostname=db1.example, Port=3306}}");
        assertThat(get("/api/recovery-plan/db1.example/3306").body())
                .contains("\"Refusal\":\"NO_PROBLEM: the primary answers\"", "\"Gate\":\"is there a problem\"");
    }

    @Test
    void aRecoveryAnswersWithWhatWasPromoted() {
        RecoveryRecord done = recovery("r-done").toBuilder()
                .endedAt(Instant.now())
                .successful(true)
                .successor(Fleets.REPLICA)
                .build();
        orchestrator.outcome = new RecoveryOutcome(new Decision(Fleets.deadPrimary(), List.of(), null), done);

        assertThat(get("/api/recover/db1.example/3306").json())
                .hasToString("{Code=OK, Message=Recovery executed on db1.example:3306,"
                        + " Details={Hostname=db2.example, Port=3306}}");
        assertThat(get("/api/recover-lite/db1.example/3306/db2.example/3306").status())
                .isEqualTo(200);

        orchestrator.outcome = new RecoveryOutcome(
                orchestrator.outcome.decision(),
                done.toBuilder()
                        .successful(false)
                        .successor(null)
                        .errors(List.of("none fit"))
                        .build());
        assertThat(get("/api/recover/db1.example/3306").field("Message"))
                .asString()
                .contains("no instance promoted", "none fit");
    }

    @Test
    void aRecoveryThatWasLeftUnderWayIsNoSuccessThoughSomebodyWasPromoted() {
        RecoveryRecord left = recovery("r-left").toBuilder()
                .successful(true)
                .successor(Fleets.REPLICA)
                .errors(List.of("the right to act is gone: the lease ran out"))
                .build();
        orchestrator.outcome = new RecoveryOutcome(new Decision(Fleets.deadPrimary(), List.of(), null), left);

        FakeExchange exchange = get("/api/recover/db1.example/3306");
        assertThat(exchange.status()).isEqualTo(500);
        assertThat(exchange.field("Message"))
                .asString()
                .contains("left under way", "the lease ran out", "r-left")
                .doesNotContain("no instance promoted");
    }

    @Test
    void recoveriesAreReadBackWithTheirStepsAndAcknowledged() {
        RecoveryRecord recovery = recovery("r-1");
        Right right = new Right.OfJournal("token");
        backend.recoveries().register(recovery, right);
        backend.recoveries()
                .saveStep(new RecoveryStepRecord(
                        "r-1",
                        1,
                        Instant.parse("2026-11-22T10:00:00.123Z"),
                        "choose",
                        Fleets.REPLICA,
                        "chosen",
                        RecoveryStepRecord.State.DONE,
                        "it has everything",
                        Duration.ofMillis(4)));

        assertThat(get("/api/active-cluster-recovery/main").body()).contains("\"UID\":\"r-1\"");
        backend.recoveries()
                .update(
                        recovery.toBuilder()
                                .version(1)
                                .endedAt(Instant.now())
                                .successful(true)
                                .build(),
                        right);
        assertThat(get("/api/active-cluster-recovery/main").body()).isEqualTo("[]");
        assertThat(get("/api/audit-recovery/uid/r-1").body()).contains("\"RecoveryType\":\"MasterRecovery\"");
        assertThat(get("/api/audit-recovery-steps/r-1").body())
                .contains(
                        "\"Message\":\"10:00:00.123 choose: db2.example:3306: chosen - done: it has everything (4 ms)\"");
        assertThat(get("/api/live").body()).contains("\"Uid\":\"r-1\"", "it has everything");

        assertThat(get("/api/ack-recovery/cluster/main").status()).isEqualTo(500);
        FakeExchange acknowledged =
                new FakeExchange("GET", "/api/ack-recovery/cluster/main").query("comment", "seen it");
        router.handle(acknowledged);
        assertThat(acknowledged.field("Details")).isEqualTo("db1.example:3306");
        assertThat(acknowledged.field("Message")).isEqualTo("Acknowledged cluster recoveries: 1");
        assertThat(backend.recoveries().find(RecoveryFilter.byUid("r-1")).get(0).acknowledged())
                .isTrue();
        assertThat(acknowledge("cluster/main").field("Message"))
                .isEqualTo("No recovery of cluster db1.example:3306 waits for an acknowledgement: nothing is changed");
        assertThat(acknowledge("uid/r-1").field("Message")).isEqualTo("Recovery r-1 was acknowledged before");
        assertThat(acknowledge("uid/r-7").field("Message"))
                .isEqualTo("no recovery r-7 is known; /api/audit-recovery lists them");
        assertThat(acknowledge("instance/db7.example/3306").status()).isEqualTo(500);
    }

    private FakeExchange acknowledge(String what) {
        FakeExchange exchange = new FakeExchange("GET", "/api/ack-recovery/" + what).query("comment", "seen it");
        router.handle(exchange);
        return exchange;
    }

    @Test
    void raftRoutesSayThatThereIsNoRaft() {
        assertThat(get("/api/raft-leader").json())
                .hasToString("{Code=ERROR, Message=raft-leader: not running with raft setup, Details=null}");
        assertThat(get("/api/raft-yield/node2").status()).isEqualTo(500);
    }

    @Test
    void whatThePredecessorHadAndWeHaveNotYetSaysSo() {
        assertThat(get("/api/take-master/a/1").json())
                .hasToString("{Code=ERROR, Message=take-master is not available in this version, Details=null}");
        assertThat(get("/api/move-up/a").status())
                .as("another shape of a route that is there")
                .isEqualTo(404);
    }

    @Test
    void thePageAllowsNoForeignScript() {
        assertThat(get("/web/clusters").answered().headers().get("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
    }

    @Test
    void everyRouteIsThereOnce() {
        assertThat(Router.routes().stream()
                        .map(r -> r.segments().stream()
                                .map(s -> s.startsWith(":") ? ":" : s)
                                .toList()))
                .doesNotHaveDuplicates();
    }

    private static RecoveryRecord recovery(String uid) {
        return RecoveryRecord.builder(
                        uid,
                        Fleets.MAIN.id(),
                        AnalysisCode.DEAD_PRIMARY,
                        Fleets.PRIMARY,
                        new Actor("me", Origin.HTTP, "node1"),
                        Instant.now())
                .clusterName(Fleets.MAIN.name())
                .clusterAlias("main")
                .node("node1")
                .build();
    }

    @Test
    void theHealthOfANodeNamesTheServersThatRefuseItsAccount() {
        assertThat(get("/api/health").body()).contains("\"Application node is healthy\"");
        orchestrator.analyses = List.of(Fleets.warning(StructureWarning.ACCOUNT_REFUSED));
        assertThat(get("/api/health").status()).isEqualTo(200);
        assertThat(get("/api/health").body())
                .contains("Application node is healthy; its account is refused by db1.example:3306");
    }

    private FakeExchange get(String path) {
        return call("GET", path);
    }

    private FakeExchange call(String method, String path) {
        FakeExchange exchange = new FakeExchange(method, path);
        router.handle(exchange);
        return exchange;
    }
}
