package dev.orchestrator.jooq.internal.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.api.model.GroupReplicationState;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceBuilder;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.KnownReplica;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationChannelBuilder;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.api.model.channel.StoredCredentials;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the document of {@link InstanceJson}. Unknown fields are passed over, missing ones have their default; a null
 * counts as missing.
 */
final class InstanceJsonReader {
    private final JsonParser parser;
    /** When the facts in the document were read. */
    private @Nullable Instant readAt;

    private InstanceJsonReader(JsonParser parser) {
        this.parser = parser;
    }

    static Instance read(InstanceKey key, String document, @Nullable Instant seen) throws IOException {
        InstanceBuilder builder = Instance.builder(key, InstanceJson.version(document));
        try (JsonParser parser = Texts.JSON.createParser(document)) {
            parser.nextToken();
            InstanceJsonReader reader = new InstanceJsonReader(parser);
            reader.fields(field -> reader.field(builder, field));
            return reader.asOf(seen, builder.build());
        }
    }

    /**
     * The document is not written anew only because the server grew older: what was found to be the same later was up for
     * as much longer. Else it would seem to have been started later with each poll.
     */
    private Instance asOf(@Nullable Instant seen, Instance facts) {
        if (seen == null || readAt == null || !seen.isAfter(readAt)) {
            return facts;
        }
        Duration longer = Duration.between(readAt, seen).truncatedTo(ChronoUnit.SECONDS);
        return facts.toBuilder().uptime(facts.uptime().plus(longer)).build();
    }

    private interface FieldReader {
        /** Reads the value of a field, or returns false when it does not know it. */
        boolean read(String field) throws IOException;
    }

    private interface Reader<T> {
        /** Reads one value; null when it is unusable. */
        @Nullable
        T read() throws IOException;
    }

    /** Reads the fields of the object whose start was just read. */
    private void fields(FieldReader reader) throws IOException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value != JsonToken.VALUE_NULL && !reader.read(field)) {
                parser.skipChildren();
            }
        }
    }

    private <T> List<T> array(Reader<T> reader) throws IOException {
        List<T> all = new ArrayList<>();
        if (!parser.hasToken(JsonToken.START_ARRAY)) {
            parser.skipChildren();
            return all;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            @Nullable T one = reader.read();
            if (one != null) {
                all.add(one);
            }
        }
        return all;
    }

    private boolean field(InstanceBuilder b, String field) throws IOException {
        switch (field) {
            case "versionComment" -> b.versionComment(parser.getText());
            case "serverUuid" -> b.serverUuid(parser.getText());
            case "serverId" -> b.serverId(parser.getLongValue());
            case "reportedHostname" -> b.reportedHostname(parser.getText());
            case "reportHost" -> b.reportHost(parser.getText());
            case "reportPort" -> b.reportPort(parser.getIntValue());
            case "uptime" -> b.uptime(span());
            case "readAt" -> readAt = Instant.parse(parser.getText());
            case "readOnly" -> b.readOnly(parser.getBooleanValue());
            case "superReadOnly" -> b.superReadOnly(parser.getBooleanValue());
            case "superReadOnlySupported" -> b.superReadOnlySupported(parser.getBooleanValue());
            case "receiverTimeout" -> b.receiverTimeout(span());
            case "semiSync" -> b.semiSync(semiSync());
            case "group" -> b.group(group());
            case "channels" -> b.channels(array(this::channel));
            case "replicas" -> b.replicas(array(this::replica));
            default -> {
                return logField(b, field) || configuredField(b, field);
            }
        }
        return true;
    }

    private boolean logField(InstanceBuilder b, String field) throws IOException {
        switch (field) {
            case "binlogEnabled" -> b.binlogEnabled(parser.getBooleanValue());
            case "logReplicaUpdates" -> b.logReplicaUpdates(parser.getBooleanValue());
            case "binlogFormat" -> b.binlogFormat(parser.getText());
            case "binlogRowImage" -> b.binlogRowImage(parser.getText());
            case "binlogCoordinates" -> b.binlogCoordinates(coordinates());
            case "gtidMode" -> b.gtidMode(parser.getText());
            case "executedGtids" -> b.executedGtids(gtids());
            case "purgedGtids" -> b.purgedGtids(gtids());
            case "errantGtids" -> b.errantGtids(gtids());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean configuredField(InstanceBuilder b, String field) throws IOException {
        switch (field) {
            case "instanceAlias" -> b.instanceAlias(parser.getText());
            case "suggestedClusterAlias" -> b.suggestedClusterAlias(parser.getText());
            case "clusterDomain" -> b.clusterDomain(parser.getText());
            case "dataCenter" -> b.dataCenter(parser.getText());
            case "region" -> b.region(parser.getText());
            case "environment" -> b.environment(parser.getText());
            case "binlogFilters" -> b.binlogFilters(array(parser::getText));
            case "limitations" -> b.limitations(array(parser::getText));
            case "detectedPromotionRule" ->
                b.detectedPromotionRule(Texts.named(PromotionRule.class, parser.getText(), PromotionRule.NEUTRAL));
            default -> {
                return false;
            }
        }
        return true;
    }

    private @Nullable ReplicationChannel channel() throws IOException {
        // The source is needed first and may come anywhere: the other fields wait for it.
        List<Consumer<ReplicationChannelBuilder>> waiting = new ArrayList<>();
        InstanceKey[] source = new InstanceKey[1];
        fields(field -> {
            if (field.equals("source")) {
                source[0] = key();
                return true;
            }
            Consumer<ReplicationChannelBuilder> setter = channelField(field);
            if (setter == null) {
                setter = channelPosition(field);
            }
            if (setter == null) {
                return false;
            }
            waiting.add(setter);
            return true;
        });
        if (source[0] == null) {
            return null;
        }
        ReplicationChannelBuilder builder = ReplicationChannel.builder(source[0]);
        waiting.forEach(setter -> setter.accept(builder));
        return builder.build();
    }

    private @Nullable Consumer<ReplicationChannelBuilder> channelField(String field) throws IOException {
        return switch (field) {
            case "name" -> set(ReplicationChannelBuilder::name, parser.getText());
            case "sourceUuid" -> set(ReplicationChannelBuilder::sourceUuid, parser.getText());
            case "receiver" -> set(ReplicationChannelBuilder::receiver, threadState());
            case "applier" -> set(ReplicationChannelBuilder::applier, threadState());
            case "autoPosition" -> set(ReplicationChannelBuilder::autoPosition, parser.getBooleanValue());
            case "mariaDbGtid" -> set(ReplicationChannelBuilder::mariaDbGtid, parser.getBooleanValue());
            case "filters" -> set(ReplicationChannelBuilder::filters, array(parser::getText));
            case "leftover" -> set(ReplicationChannelBuilder::leftover, parser.getBooleanValue());
            case "lastReceiverErrno" -> set(ReplicationChannelBuilder::lastReceiverErrno, parser.getIntValue());
            case "lastReceiverError" -> set(ReplicationChannelBuilder::lastReceiverError, parser.getText());
            case "lastApplierErrno" -> set(ReplicationChannelBuilder::lastApplierErrno, parser.getIntValue());
            case "lastApplierError" -> set(ReplicationChannelBuilder::lastApplierError, parser.getText());
            case "user" -> set(ReplicationChannelBuilder::user, parser.getText());
            case "detached" -> set(ReplicationChannelBuilder::detached, parser.getBooleanValue());
            case "credentialsStored" ->
                set(
                        ReplicationChannelBuilder::credentialsStored,
                        Texts.named(StoredCredentials.class, parser.getText(), StoredCredentials.UNKNOWN));
            default -> null;
        };
    }

    private @Nullable Consumer<ReplicationChannelBuilder> channelPosition(String field) throws IOException {
        if (field.endsWith("Coordinates")) {
            BinlogCoordinates at = coordinates();
            return switch (field) {
                case "readCoordinates" -> b -> b.readCoordinates(at);
                case "executedCoordinates" -> b -> b.executedCoordinates(at);
                case "relayCoordinates" -> b -> b.relayCoordinates(at);
                default -> b -> {};
            };
        }
        return switch (field) {
            case "retrievedGtids" -> set(ReplicationChannelBuilder::retrievedGtids, gtids());
            case "lag" -> set(ReplicationChannelBuilder::lag, span());
            case "configuredDelay" -> set(ReplicationChannelBuilder::configuredDelay, span());
            case "receiverErrorAge" -> set(ReplicationChannelBuilder::receiverErrorAge, span());
            case "connectedUntil" -> set(ReplicationChannelBuilder::connectedUntil, Instant.parse(parser.getText()));
            default -> null;
        };
    }

    private interface Setter<V> {
        ReplicationChannelBuilder set(ReplicationChannelBuilder builder, V value);
    }

    private static <V> Consumer<ReplicationChannelBuilder> set(Setter<V> setter, V value) {
        return builder -> setter.set(builder, value);
    }

    private @Nullable KnownReplica replica() throws IOException {
        InstanceKey[] key = new InstanceKey[1];
        @Nullable String[] uuid = new String[1];
        boolean[] assumed = new boolean[1];
        fields(field -> {
            switch (field) {
                case "key" -> key[0] = key();
                case "serverUuid" -> uuid[0] = parser.getText();
                case "portAssumed" -> assumed[0] = parser.getBooleanValue();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return key[0] == null ? null : new KnownReplica(key[0], uuid[0], assumed[0]);
    }

    private SemiSyncState semiSync() throws IOException {
        boolean[] flags = new boolean[5];
        int[] numbers = new int[2];
        Duration[] timeout = {Duration.ZERO};
        fields(field -> {
            switch (field) {
                case "available" -> flags[0] = parser.getBooleanValue();
                case "sourceEnabled" -> flags[1] = parser.getBooleanValue();
                case "sourceActive" -> flags[2] = parser.getBooleanValue();
                case "replicaEnabled" -> flags[3] = parser.getBooleanValue();
                case "replicaActive" -> flags[4] = parser.getBooleanValue();
                case "waitForReplicas" -> numbers[0] = parser.getIntValue();
                case "timeout" -> timeout[0] = span();
                case "clients" -> numbers[1] = parser.getIntValue();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new SemiSyncState(flags[0], flags[1], flags[2], flags[3], flags[4], numbers[0], timeout[0], numbers[1]);
    }

    private GroupReplicationState group() throws IOException {
        String[] texts = {"", "", ""};
        boolean[] singlePrimary = new boolean[1];
        List<InstanceKey> members = new ArrayList<>();
        @Nullable InstanceKey[] primary = new InstanceKey[1];
        fields(field -> {
            switch (field) {
                case "groupName" -> texts[0] = parser.getText();
                case "memberState" -> texts[1] = parser.getText();
                case "memberRole" -> texts[2] = parser.getText();
                case "singlePrimary" -> singlePrimary[0] = parser.getBooleanValue();
                case "members" -> members.addAll(array(this::key));
                case "primary" -> primary[0] = key();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new GroupReplicationState(texts[0], singlePrimary[0], texts[1], texts[2], members, primary[0]);
    }

    private @Nullable BinlogCoordinates coordinates() throws IOException {
        String[] texts = {"", ""};
        long[] position = new long[1];
        fields(field -> {
            switch (field) {
                case "file" -> texts[0] = parser.getText();
                case "position" -> position[0] = parser.getLongValue();
                case "type" -> texts[1] = parser.getText();
                default -> {
                    return false;
                }
            }
            return true;
        });
        BinlogCoordinates.Type type =
                Texts.named(BinlogCoordinates.Type.class, texts[1], BinlogCoordinates.Type.BINARY);
        return texts[0].isBlank() ? null : new BinlogCoordinates(texts[0], position[0], type);
    }

    private InstanceKey key() throws IOException {
        return InstanceKey.parse(parser.getText());
    }

    private GtidSet gtids() throws IOException {
        return GtidSet.parse(parser.getText());
    }

    private Duration span() throws IOException {
        return Duration.parse(parser.getText());
    }

    private ReplicationThreadState threadState() throws IOException {
        return Texts.named(ReplicationThreadState.class, parser.getText(), ReplicationThreadState.NONE);
    }
}
