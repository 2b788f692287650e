package dev.orchestrator.jooq.internal.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.jooq.internal.json.RecordJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a server as one JSON document. What has its default is left out, and fields may be added, so that nodes of
 * different versions can share a backend.
 */
final class InstanceJsonWriter {
    private static final InstanceKey ANY = new InstanceKey("any", 1);
    private static final RecordJson RECORDS = new RecordJson()
            .with(new BinlogCoordinates("any", 0, BinlogCoordinates.Type.BINARY), "file")
            .with(ReplicationChannel.builder(ANY).build(), "source")
            .with(new KnownReplica(ANY, null, false), "key")
            .with(SemiSyncState.UNAVAILABLE)
            .with(new GroupReplicationState("", false, "", "", List.of(), null))
            .with(Instance.builder(ANY, ServerVersion.parse("8.0.0", "")).build(), "version");

    /** The key is the row's; by which channel a server is looked at is no fact of it. */
    private static final Set<String> NOT_WRITTEN = Set.of("key", "viewedBy");

    private static final Set<String> NOT_READ = Set.of("key", "viewedBy", "version");
    private static final String READ_AT = "readAt";

    private InstanceJsonWriter() {}

    /**
     * Writes a document.
     *
     * @param readAt when the facts were read, null when that is not known
     */
    static String write(Instance instance, @Nullable Instant readAt) {
        StringWriter out = new StringWriter(1024);
        try (JsonGenerator json = Texts.JSON.createGenerator(out)) {
            json.writeStartObject();
            RECORDS.writeFields(json, instance, NOT_WRITTEN);
            if (readAt != null) {
                json.writeStringField(READ_AT, readAt.toString());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into memory", e);
        }
        return out.toString();
    }

    /**
     * Reads a document.
     *
     * @param seen when the facts were found to be the same, null when that is not known
     * @throws IOException when it is no such document
     * @throws IllegalArgumentException when a value in it is impossible
     */
    static Instance read(InstanceKey key, String document, @Nullable Instant seen) throws IOException {
        Instance missing = Instance.builder(key, version(document)).build();
        @Nullable Instant[] readAt = new Instant[1];
        try (JsonParser parser = Texts.JSON.createParser(document)) {
            parser.nextToken();
            Instance facts = RECORDS.read(parser, missing, NOT_READ, field -> {
                if (field.equals(READ_AT)) {
                    readAt[0] = Instant.parse(parser.getText());
                }
                return field.equals(READ_AT);
            });
            return asOf(seen, readAt[0], facts == null ? missing : facts);
        }
    }

    /**
     * The document is not written anew only because the server grew older: what was found to be the same later was up for
     * as much longer. Else it would seem to have been started later with each poll.
     */
    private static Instance asOf(@Nullable Instant seen, @Nullable Instant readAt, Instance facts) {
        if (seen == null || readAt == null || !seen.isAfter(readAt)) {
            return facts;
        }
        Duration longer = Duration.between(readAt, seen).truncatedTo(ChronoUnit.SECONDS);
        return facts.toBuilder().uptime(facts.uptime().plus(longer)).build();
    }

    /** The version, of which the reader must know both texts before it can begin. */
    private static ServerVersion version(String document) throws IOException {
        String version = "";
        String comment = null;
        try (JsonParser parser = Texts.JSON.createParser(document)) {
            parser.nextToken();
            while ((version.isEmpty() || comment == null) && parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("version")) {
                    version = parser.getText();
                } else if (field.equals("versionComment")) {
                    comment = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
        }
        return ServerVersion.parse(version, comment == null ? "" : comment);
    }
}
