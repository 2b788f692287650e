package dev.orchestrator.jooq.internal.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.model.channel.StoredCredentials;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the facts of a server as one JSON document; {@link InstanceJsonReader} reads them. What has its default is left
 * out, and fields may be added, so that nodes of different versions can share a backend.
 */
final class InstanceJson {
    private final JsonGenerator json;

    private InstanceJson(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes a document.
     *
     * @param readAt when the facts were read, null when that is not known
     */
    static String write(Instance instance, @Nullable Instant readAt) {
        StringWriter out = new StringWriter(1024);
        try (JsonGenerator generator = Texts.JSON.createGenerator(out)) {
            new InstanceJson(generator).instance(instance, readAt);
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
        return InstanceJsonReader.read(key, document, seen);
    }

    private void instance(Instance i, @Nullable Instant readAt) throws IOException {
        json.writeStartObject();
        // The version comes first: the reader needs it before everything else.
        json.writeStringField("version", i.version().text());
        json.writeStringField("versionComment", i.versionComment());
        text("serverUuid", i.serverUuid());
        number("serverId", i.serverId());
        text("reportedHostname", i.reportedHostname());
        text("reportHost", i.reportHost());
        number("reportPort", i.reportPort());
        span("uptime", i.uptime(), Duration.ZERO);
        text("readAt", readAt == null ? null : readAt.toString());
        flag("readOnly", i.readOnly(), false);
        flag("superReadOnly", i.superReadOnly(), false);
        flag("superReadOnlySupported", i.superReadOnlySupported(), true);
        flag("binlogEnabled", i.binlogEnabled(), false);
        flag("logReplicaUpdates", i.logReplicaUpdates(), false);
        text("binlogFormat", i.binlogFormat());
        text("binlogRowImage", i.binlogRowImage());
        coordinates("binlogCoordinates", i.binlogCoordinates());
        text("gtidMode", i.gtidMode());
        gtids("executedGtids", i.executedGtids());
        gtids("purgedGtids", i.purgedGtids());
        gtids("errantGtids", i.errantGtids());
        channels(i.channels());
        replicas(i.replicas());
        semiSync(i.semiSync());
        group(i.group());
        span("receiverTimeout", i.receiverTimeout(), null);
        texts(i);
        json.writeEndObject();
    }

    private void texts(Instance i) throws IOException {
        text("instanceAlias", i.instanceAlias());
        text("suggestedClusterAlias", i.suggestedClusterAlias());
        text("clusterDomain", i.clusterDomain());
        text("dataCenter", i.dataCenter());
        text("region", i.region());
        text("environment", i.environment());
        if (i.detectedPromotionRule() != null) {
            json.writeStringField(
                    "detectedPromotionRule", i.detectedPromotionRule().name());
        }
        texts("binlogFilters", i.binlogFilters());
        texts("limitations", i.limitations());
    }

    private void channels(List<ReplicationChannel> channels) throws IOException {
        if (channels.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("channels");
        for (ReplicationChannel channel : channels) {
            channel(channel);
        }
        json.writeEndArray();
    }

    private void channel(ReplicationChannel c) throws IOException {
        json.writeStartObject();
        json.writeStringField("source", c.source().toString());
        text("name", c.name());
        text("sourceUuid", c.sourceUuid());
        json.writeStringField("receiver", c.receiver().name());
        json.writeStringField("applier", c.applier().name());
        flag("autoPosition", c.autoPosition(), false);
        flag("mariaDbGtid", c.mariaDbGtid(), false);
        coordinates("readCoordinates", c.readCoordinates());
        coordinates("executedCoordinates", c.executedCoordinates());
        coordinates("relayCoordinates", c.relayCoordinates());
        gtids("retrievedGtids", c.retrievedGtids());
        span("lag", c.lag(), null);
        span("configuredDelay", c.configuredDelay(), Duration.ZERO);
        texts("filters", c.filters());
        number("lastReceiverErrno", c.lastReceiverErrno());
        text("lastReceiverError", c.lastReceiverError());
        number("lastApplierErrno", c.lastApplierErrno());
        text("lastApplierError", c.lastApplierError());
        text("user", c.user());
        flag("detached", c.detached(), false);
        if (c.credentialsStored() != StoredCredentials.UNKNOWN) {
            text("credentialsStored", c.credentialsStored().name());
        }
        span("receiverErrorAge", c.receiverErrorAge(), null);
        Instant until = c.connectedUntil();
        text("connectedUntil", until == null ? null : until.toString());
        flag("leftover", c.leftover(), false);
        json.writeEndObject();
    }

    private void replicas(List<KnownReplica> replicas) throws IOException {
        if (replicas.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("replicas");
        for (KnownReplica replica : replicas) {
            json.writeStartObject();
            json.writeStringField("key", replica.key().toString());
            text("serverUuid", replica.serverUuid());
            flag("portAssumed", replica.portAssumed(), false);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void semiSync(SemiSyncState s) throws IOException {
        if (s.equals(SemiSyncState.UNAVAILABLE)) {
            return;
        }
        json.writeObjectFieldStart("semiSync");
        flag("available", s.available(), false);
        flag("sourceEnabled", s.sourceEnabled(), false);
        flag("sourceActive", s.sourceActive(), false);
        flag("replicaEnabled", s.replicaEnabled(), false);
        flag("replicaActive", s.replicaActive(), false);
        number("waitForReplicas", s.waitForReplicas());
        span("timeout", s.timeout(), Duration.ZERO);
        number("clients", s.clients());
        json.writeEndObject();
    }

    private void group(@Nullable GroupReplicationState g) throws IOException {
        if (g == null) {
            return;
        }
        json.writeObjectFieldStart("group");
        text("groupName", g.groupName());
        flag("singlePrimary", g.singlePrimary(), false);
        text("memberState", g.memberState());
        text("memberRole", g.memberRole());
        json.writeArrayFieldStart("members");
        for (InstanceKey member : g.members()) {
            json.writeString(member.toString());
        }
        json.writeEndArray();
        if (g.primary() != null) {
            json.writeStringField("primary", g.primary().toString());
        }
        json.writeEndObject();
    }

    private void text(String field, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(field, value);
        }
    }

    private void texts(String name, List<String> values) throws IOException {
        if (!values.isEmpty()) {
            json.writeArrayFieldStart(name);
            for (String value : values) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
    }

    private void flag(String field, boolean value, boolean byDefault) throws IOException {
        if (value != byDefault) {
            json.writeBooleanField(field, value);
        }
    }

    private void number(String field, long value) throws IOException {
        if (value != 0) {
            json.writeNumberField(field, value);
        }
    }

    private void gtids(String field, GtidSet value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(field, value.toString());
        }
    }

    private void span(String field, @Nullable Duration value, @Nullable Duration byDefault) throws IOException {
        if (value != null && !Objects.equals(value, byDefault)) {
            json.writeStringField(field, value.toString());
        }
    }

    private void coordinates(String field, @Nullable BinlogCoordinates value) throws IOException {
        if (value != null) {
            json.writeObjectFieldStart(field);
            json.writeStringField("file", value.file());
            json.writeNumberField("position", value.position());
            json.writeStringField("type", value.type().name());
            json.writeEndObject();
        }
    }

    /** The version, of which the reader must know both texts before it can begin. */
    static ServerVersion version(String document) throws IOException {
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
