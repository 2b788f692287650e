package dev.orchestrator.jooq.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.model.channel.StoredCredentials;
import dev.orchestrator.jooq.Samples;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstanceJsonWriterTest {
    private static final InstanceKey KEY = new InstanceKey("db1", 3306);

    @Test
    void readsWhatItWrote() throws IOException {
        Instance full = Samples.instance(KEY);
        assertThat(InstanceJsonWriter.read(KEY, InstanceJsonWriter.write(full, null), null))
                .isEqualTo(full);
        Instance empty = Instance.builder(KEY, ServerVersion.parse("10.11.6-MariaDB", ""))
                .build();
        assertThat(InstanceJsonWriter.read(KEY, InstanceJsonWriter.write(empty, null), null))
                .isEqualTo(empty);
    }

    @Test
    void readsMariaDbPositions() throws IOException {
        Instance instance = Instance.builder(KEY, ServerVersion.parse("10.11.6-MariaDB", ""))
                .executedGtids(GtidSet.parse("0-1-100,3-2-7"))
                .build();
        assertThat(InstanceJsonWriter.read(KEY, InstanceJsonWriter.write(instance, null), null)
                        .executedGtids())
                .hasToString("0-1-100,3-2-7");
    }

    @Test
    void aServerFoundUnchangedLaterWasUpForAsMuchLonger() throws IOException {
        Instance read = Samples.instance(KEY);
        String document = InstanceJsonWriter.write(read, Samples.AT);
        assertThat(InstanceJsonWriter.read(KEY, document, Samples.AT.plusMillis(90_999))
                        .uptime())
                .isEqualTo(read.uptime().plusSeconds(90));
        assertThat(InstanceJsonWriter.read(KEY, document, Samples.AT.minusSeconds(90)))
                .isEqualTo(read);
    }

    /** A field that is added to the facts and forgotten here would be lost in the backend. */
    @Test
    void writesEveryField() throws IOException {
        String document = InstanceJsonWriter.write(Samples.instance(KEY), null);
        Set<String> written = new HashSet<>();
        try (JsonParser parser = Texts.JSON.createParser(document)) {
            for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
                if (t == JsonToken.FIELD_NAME) {
                    written.add(parser.currentName());
                }
            }
        }
        // By which channel it is looked at is no fact of a server.
        assertThat(written).containsAll(fieldsOf(Instance.class, "key", "viewedBy"));
        assertThat(written).containsAll(fieldsOf(ReplicationChannel.class));
        assertThat(written).containsAll(fieldsOf(SemiSyncState.class));
    }

    private static List<String> fieldsOf(Class<?> type, String... without) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(f -> !Modifier.isStatic(f.getModifiers()))
                .map(java.lang.reflect.Field::getName)
                .filter(name -> !List.of(without).contains(name))
                .toList();
    }

    @Test
    void passesOverWhatANewerProgramAdded() throws IOException {
        String document = "{\"future\":{\"a\":[1,{\"b\":null}]},\"versionComment\":\"c\",\"version\":\"9.1.0\","
                + "\"gtidMode\":null,\"channels\":[{\"applier\":\"HOVERING\",\"newThing\":[[]],\"source\":\"db0:3306\"},"
                + "{\"applier\":\"RUNNING\"}],\"detectedPromotionRule\":\"ALWAYS\",\"semiSync\":7,\"readOnly\":true}";
        Instance instance = InstanceJsonWriter.read(KEY, document, null);
        assertThat(instance.version().text()).isEqualTo("9.1.0");
        assertThat(instance.readOnly()).isTrue();
        assertThat(instance.channels())
                .singleElement()
                .satisfies(c -> assertThat(c.applier()).isEqualTo(ReplicationThreadState.NONE));
        assertThat(instance.semiSync()).isEqualTo(SemiSyncState.UNAVAILABLE);
    }

    /** As it stood in backends before components were written by their names alone. */
    @Test
    void readsWhatTheFormerProgramWrote() throws IOException {
        String document = "{\"version\":\"8.0.31-log\",\"versionComment\":\"\",\"serverUuid\":\"uuid-1\","
                + "\"readAt\":\"2026-11-22T00:00:00Z\",\"uptime\":\"PT1H\",\"superReadOnlySupported\":false,"
                + "\"binlogCoordinates\":{\"file\":\"bin.000017\",\"position\":4,\"type\":\"BINARY\"},"
                + "\"channels\":[{\"source\":\"db9:3306\",\"receiver\":\"CONNECTING\",\"applier\":\"RUNNING\",\"lag\":\"PT3S\","
                + "\"credentialsStored\":\"MISSING\"}],\"replicas\":[{\"key\":\"db2:3307\",\"portAssumed\":true},{}],"
                + "\"group\":{\"groupName\":\"g\",\"memberState\":\"ONLINE\",\"memberRole\":\"SECONDARY\",\"members\":[]},"
                + "\"receiverTimeout\":\"PT1M\",\"detectedPromotionRule\":\"PREFER\"}";
        Instance expected = Instance.builder(KEY, ServerVersion.parse("8.0.31-log", ""))
                .serverUuid("uuid-1")
                .uptime(Duration.ofMinutes(61))
                .superReadOnlySupported(false)
                .binlogCoordinates(new BinlogCoordinates("bin.000017", 4, BinlogCoordinates.Type.BINARY))
                .channels(List.of(ReplicationChannel.builder(new InstanceKey("db9", 3306))
                        .receiver(ReplicationThreadState.CONNECTING)
                        .applier(ReplicationThreadState.RUNNING)
                        .lag(Duration.ofSeconds(3))
                        .credentialsStored(StoredCredentials.MISSING)
                        .build()))
                .replicas(List.of(new KnownReplica(new InstanceKey("db2", 3307), null, true)))
                .group(new GroupReplicationState("g", false, "ONLINE", "SECONDARY", List.of(), null))
                .detectedPromotionRule(PromotionRule.PREFER)
                .build();
        assertThat(InstanceJsonWriter.read(KEY, document, Instant.parse("2026-11-22T00:01:00Z")))
                .isEqualTo(expected);
    }

    @Test
    void refusesWhatIsNoDocument() {
        assertThatThrownBy(() -> InstanceJsonWriter.read(KEY, "{\"version\":\"8.0.31\",", null))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> InstanceJsonWriter.read(KEY, "{}", null)).isInstanceOf(IllegalArgumentException.class);
    }
}
