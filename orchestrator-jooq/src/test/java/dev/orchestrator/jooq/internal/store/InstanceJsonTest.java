package dev.orchestrator.jooq.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.jooq.Samples;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstanceJsonTest {
    private static final InstanceKey KEY = new InstanceKey("db1", 3306);

    @Test
    void readsWhatItWrote() throws IOException {
        Instance full = Samples.instance(KEY);
        assertThat(InstanceJson.read(KEY, InstanceJson.write(full, null), null)).isEqualTo(full);
        Instance empty = Instance.builder(KEY, ServerVersion.parse("10.11.6-MariaDB", ""))
                .build();
        assertThat(InstanceJson.read(KEY, InstanceJson.write(empty, null), null))
                .isEqualTo(empty);
    }

    @Test
    void readsMariaDbPositions() throws IOException {
        Instance instance = Instance.builder(KEY, ServerVersion.parse("10.11.6-MariaDB", ""))
                .executedGtids(GtidSet.parse("0-1-100,3-2-7"))
                .build();
        assertThat(InstanceJson.read(KEY, InstanceJson.write(instance, null), null)
                        .executedGtids())
                .hasToString("0-1-100,3-2-7");
    }

    @Test
    void aServerFoundUnchangedLaterWasUpForAsMuchLonger() throws IOException {
        Instance read = Samples.instance(KEY);
        String document = InstanceJson.write(read, Samples.AT);
        assertThat(InstanceJson.read(KEY, document, Samples.AT.plusMillis(90_999))
                        .uptime())
                .isEqualTo(read.uptime().plusSeconds(90));
        assertThat(InstanceJson.read(KEY, document, Samples.AT.minusSeconds(90)))
                .isEqualTo(read);
    }

    /** A field that is added to the facts and forgotten here would be lost in the backend. */
    @Test
    void writesEveryField() throws IOException {
        String document = InstanceJson.write(Samples.instance(KEY), null);
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
        Instance instance = InstanceJson.read(KEY, document, null);
        assertThat(instance.version().text()).isEqualTo("9.1.0");
        assertThat(instance.readOnly()).isTrue();
        assertThat(instance.channels())
                .singleElement()
                .satisfies(c -> assertThat(c.applier()).isEqualTo(ReplicationThreadState.NONE));
        assertThat(instance.semiSync()).isEqualTo(SemiSyncState.UNAVAILABLE);
    }

    @Test
    void refusesWhatIsNoDocument() {
        assertThatThrownBy(() -> InstanceJson.read(KEY, "{\"version\":\"8.0.31\",", null))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> InstanceJson.read(KEY, "{}", null)).isInstanceOf(IllegalArgumentException.class);
    }
}
