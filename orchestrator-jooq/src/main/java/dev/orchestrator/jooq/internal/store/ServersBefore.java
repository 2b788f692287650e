package dev.orchestrator.jooq.internal.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.recovery.ServerBefore;
import dev.orchestrator.api.recovery.ServerBefore.ChannelBefore;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How servers were, as JSON. Fields that a newer program wrote are passed over. */
final class ServersBefore {
    private ServersBefore() {}

    static @Nullable String text(List<ServerBefore> servers) {
        if (servers.isEmpty()) {
            return null;
        }
        StringWriter out = new StringWriter();
        try (JsonGenerator json = Texts.JSON.createGenerator(out)) {
            json.writeStartArray();
            for (ServerBefore server : servers) {
                write(json, server);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into memory", e);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, ServerBefore server) throws IOException {
        json.writeStartObject();
        json.writeStringField("key", server.key().toString());
        json.writeStringField("uuid", server.serverUuid());
        json.writeBooleanField("readOnly", server.readOnly());
        json.writeBooleanField("superReadOnly", server.superReadOnly());
        if (server.eventScheduler() != null) {
            json.writeStringField("eventScheduler", server.eventScheduler());
        }
        json.writeBooleanField("semiSyncSource", server.semiSyncSource());
        json.writeBooleanField("semiSyncReplica", server.semiSyncReplica());
        json.writeArrayFieldStart("channels");
        for (ChannelBefore channel : server.channels()) {
            json.writeStartObject();
            json.writeStringField("name", channel.name());
            json.writeStringField("source", channel.source().toString());
            json.writeBooleanField("autoPosition", channel.autoPosition());
            json.writeStringField("receiver", channel.receiver().name());
            json.writeStringField("applier", channel.applier().name());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static List<ServerBefore> read(@Nullable String text) {
        List<ServerBefore> servers = new ArrayList<>();
        if (text == null || text.isEmpty()) {
            return servers;
        }
        try (JsonParser parser = Texts.JSON.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    servers.add(server(parser));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the backend holds a malformed record of servers: " + Texts.clip(text, 100), e);
        }
        return servers;
    }

    private static ServerBefore server(JsonParser parser) throws IOException {
        List<ChannelBefore> channels = new ArrayList<>();
        Map<String, String> fields = fields(parser, channels);
        return new ServerBefore(
                InstanceKey.parse(fields.getOrDefault("key", "")),
                fields.getOrDefault("uuid", ""),
                isTrue(fields, "readOnly"),
                isTrue(fields, "superReadOnly"),
                fields.get("eventScheduler"),
                isTrue(fields, "semiSyncSource"),
                isTrue(fields, "semiSyncReplica"),
                channels);
    }

    /** The plain fields of the object that has just begun; the channels among them are added to the list. */
    private static Map<String, String> fields(JsonParser parser, List<ChannelBefore> channels) throws IOException {
        Map<String, String> fields = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_ARRAY && name.equals("channels")) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    channels.add(channel(fields(parser, new ArrayList<>())));
                }
            } else if (value.isScalarValue()) {
                fields.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return fields;
    }

    private static ChannelBefore channel(Map<String, String> fields) {
        return new ChannelBefore(
                fields.getOrDefault("name", ""),
                InstanceKey.parse(fields.getOrDefault("source", "")),
                isTrue(fields, "autoPosition"),
                state(fields, "receiver"),
                state(fields, "applier"));
    }

    private static ReplicationThreadState state(Map<String, String> fields, String name) {
        return Texts.named(ReplicationThreadState.class, fields.get(name), ReplicationThreadState.NONE);
    }

    private static boolean isTrue(Map<String, String> fields, String name) {
        return Boolean.parseBoolean(fields.get(name));
    }
}
