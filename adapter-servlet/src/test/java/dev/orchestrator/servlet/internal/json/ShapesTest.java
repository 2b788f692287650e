package dev.orchestrator.servlet.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.Intents;
import dev.orchestrator.api.LeaderElection.Leader;
import dev.orchestrator.api.LockInfo;
import dev.orchestrator.api.Node;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.servlet.fake.Fleets;
import dev.orchestrator.servlet.fake.ParsedJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The shapes against the predecessor's lists of fields: names, order and types. */
class ShapesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Actor ACTOR = new Actor("ops", Origin.HTTP, "node1");

    private final ShapeSource snapshot = new ShapeSource(
            Fleets.at(NOW),
            Intents.NONE,
            List.of(),
            OrchestratorConfig.builder().build(),
            NOW);

    @Test
    void anInstanceHasItsFieldsInOrder() throws IOException {
        for (FleetMember member : snapshot.fleet().members()) {
            assertShape("Instance", InstanceShape.of(snapshot, member));
        }
    }

    @Test
    void aClusterHasItsFieldsInOrder() throws IOException {
        assertShape("ClusterInfo", snapshot.clusterInfo(Fleets.MAIN));
    }

    @Test
    void anAnalysisHasItsFieldsInOrder() throws IOException {
        assertShape("ReplicationAnalysis", AnalysisJson.of(snapshot, Fleets.deadPrimary()));
        assertShape("ReplicationAnalysis", AnalysisJson.of(snapshot, Fleets.warning()));
    }

    @Test
    void aRecoveryHasItsFieldsInOrder() throws IOException {
        RecoveryRecord active = recovery();
        assertShape("TopologyRecovery", RecordsJson.recovery(active));
        assertShape(
                "TopologyRecovery",
                RecordsJson.recovery(active.toBuilder()
                        .endedAt(NOW)
                        .successful(true)
                        .successor(Fleets.REPLICA)
                        .successorCoordinates(BinlogCoordinates.parse("mysql-bin.000001:77"))
                        .build()));
    }

    @Test
    void auditMaintenanceAndHealthHaveTheirFieldsInOrder() throws IOException {
        assertShape(
                "Audit", RecordsJson.audit(new AuditEntry(3, NOW, "discover", Fleets.PRIMARY, "main", ACTOR, "seen")));
        assertShape(
                "Maintenance",
                RecordsJson.maintenance(new LockInfo(
                        4,
                        Fleets.PRIMARY,
                        ACTOR,
                        "because",
                        "token",
                        NOW,
                        NOW.plusSeconds(60),
                        Duration.ofSeconds(9),
                        false)));
        Node node = new Node("node1", "t1", "0.1.0", "http", "sqlite", NOW, NOW);
        Json health = new Health("node1", true, new Leader("node1", "x", 1, NOW, NOW), List.of(node)).json();
        assertShape("HealthStatus", health);
        assertShape("HealthStatus", new Health("node1", false, null, List.of()).json());
    }

    @Test
    void timesAreUtcToTheSecondAndErrorsAreQuotedAscii() {
        Map<String, @Nullable Object> errant = parsed(InstanceShape.of(
                snapshot, snapshot.fleet().member(Fleets.ERRANT).orElseThrow()));

        assertThat(errant)
                .containsEntry("LastSeenTimestamp", "2026-11-22 09:59:59")
                .containsEntry("LastIOError", "\"\\u00dcbel \\\"quoted\\\"\"")
                .containsEntry("LastSQLError", "")
                .containsEntry("Problems", List.of("errant_gtid"))
                .containsEntry("ClusterName", "db1.example:3306")
                .containsEntry("ReplicationDepth", 1L)
                .containsEntry(
                        "AncestryUUID", "00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000003")
                .containsEntry("IsUpToDate", true)
                .containsEntry("FlavorName", "MySQL")
                .containsEntry("GtidErrant", "00000000-0000-0000-0000-000000000003:1-2");
    }

    @Test
    void aPrimaryHasNoSourceAndItsReplicasByTheNamesTheFleetUses() {
        Map<String, @Nullable Object> primary = parsed(InstanceShape.of(
                snapshot, snapshot.fleet().member(Fleets.PRIMARY).orElseThrow()));

        assertThat(primary)
                .containsEntry("MasterKey", Map.of("Hostname", "", "Port", 0L))
                .containsEntry("ReplicationIOThreadState", -1L)
                .containsEntry("SecondsBehindMaster", Map.of("Int64", 0L, "Valid", false))
                .containsEntry("ReplicationLagSeconds", Map.of("Int64", 0L, "Valid", true))
                .containsEntry(
                        "Replicas",
                        List.of(
                                Map.of("Hostname", "db2.example", "Port", 3306L),
                                Map.of("Hostname", "db3.example", "Port", 3306L)));
    }

    private static RecoveryRecord recovery() {
        return RecoveryRecord.builder("uid1", Fleets.MAIN.id(), AnalysisCode.DEAD_PRIMARY, Fleets.PRIMARY, ACTOR, NOW)
                .clusterName(Fleets.MAIN.name())
                .clusterAlias("main")
                .replicaCount(2)
                .replicas(List.of(Fleets.REPLICA, Fleets.ERRANT))
                .node("node1")
                .build();
    }

    private static Map<String, @Nullable Object> parsed(Json json) {
        return ParsedJson.object(json.bytes());
    }

    private static void assertShape(String shape, Json json) throws IOException {
        assertShape(shape, parsed(json));
    }

    private static void assertShape(String shape, Map<?, ?> seen) throws IOException {
        Map<String, String> expected = expected(shape);
        assertThat(seen.keySet().stream().map(String::valueOf)).containsExactlyElementsOf(expected.keySet());
        for (Map.Entry<String, String> field : expected.entrySet()) {
            assertType(shape + "." + field.getKey(), field.getValue(), seen.get(field.getKey()));
        }
    }

    private static void assertType(String name, String type, @Nullable Object value) throws IOException {
        String required = type.replace(" or null", "");
        if (value == null) {
            assertThat(type).as(name).matches("null|.* or null");
        } else if (required.startsWith("[")) {
            assertThat(value).as(name).isInstanceOf(List.class);
            for (Object item : (List<?>) value) {
                assertType(name, required.substring(1, required.length() - 1), item);
            }
        } else {
            switch (required) {
                case "s" -> assertThat(value).as(name).isInstanceOf(String.class);
                case "n" -> assertThat(value).as(name).isInstanceOf(Long.class);
                case "b" -> assertThat(value).as(name).isInstanceOf(Boolean.class);
                case "Key" -> assertThat(((Map<?, ?>) value).keySet()).as(name).hasToString("[Hostname, Port]");
                case "N64" -> assertThat(((Map<?, ?>) value).keySet()).as(name).hasToString("[Int64, Valid]");
                case "Coord" ->
                    assertThat(((Map<?, ?>) value).keySet()).as(name).hasToString("[LogFile, LogPos, Type]");
                default -> assertShape(required, (Map<?, ?>) value);
            }
        }
    }

    private static Map<String, String> expected(String shape) throws IOException {
        try (InputStream in = Objects.requireNonNull(ShapesTest.class.getResourceAsStream(shape + ".tsv"), shape)) {
            Map<String, String> fields = new LinkedHashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] parts = line.split("\t", -1);
                fields.put(parts[0], parts[1]);
            });
            return fields;
        }
    }
}
