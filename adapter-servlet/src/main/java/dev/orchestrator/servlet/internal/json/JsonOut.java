package dev.orchestrator.servlet.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.channel.BinlogCoordinates;
import dev.orchestrator.standalone.text.Timestamps;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Writes the fields of objects in the predecessor's words. */
public final class JsonOut {
    static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator generator;

    JsonOut(JsonGenerator generator) {
        this.generator = generator;
    }

    JsonGenerator generator() {
        return generator;
    }

    /**
     * Writes a field.
     *
     * @param name its name
     * @param value its value
     * @return this
     * @throws IOException when it cannot be written
     */
    public JsonOut field(String name, Json value) throws IOException {
        generator.writeFieldName(name);
        value.writeTo(this);
        return this;
    }

    JsonOut text(String name, @Nullable String value) throws IOException {
        generator.writeStringField(name, value == null ? "" : value);
        return this;
    }

    JsonOut number(String name, long value) throws IOException {
        generator.writeNumberField(name, value);
        return this;
    }

    JsonOut bool(String name, boolean value) throws IOException {
        generator.writeBooleanField(name, value);
        return this;
    }

    JsonOut time(String name, @Nullable Instant value) throws IOException {
        return text(name, Timestamps.utc(value));
    }

    JsonOut key(String name, @Nullable InstanceKey key) throws IOException {
        return field(name, key(key));
    }

    JsonOut keys(String name, Collection<InstanceKey> keys) throws IOException {
        return field(name, keys(keys));
    }

    /** Seconds that may be unknown, as Go's sql.NullInt64. */
    JsonOut seconds(String name, @Nullable Duration value) throws IOException {
        return field(
                name,
                Json.object(out -> out.number("Int64", value == null ? 0 : value.toSeconds())
                        .bool("Valid", value != null)));
    }

    JsonOut coordinates(String name, @Nullable BinlogCoordinates value, BinlogCoordinates.Type type)
            throws IOException {
        return field(name, coordinates(value, type));
    }

    /**
     * A key; no key is an empty host and port 0.
     *
     * @param key the key, null for none
     * @return the object
     */
    public static Json key(@Nullable InstanceKey key) {
        return Json.object(out ->
                out.text("Hostname", key == null ? "" : key.hostname()).number("Port", key == null ? 0 : key.port()));
    }

    /**
     * A list of keys.
     *
     * @param keys the keys
     * @return the list
     */
    public static Json keys(Collection<InstanceKey> keys) {
        return Json.list(keys, JsonOut::key);
    }

    static Json coordinates(@Nullable BinlogCoordinates value, BinlogCoordinates.Type type) {
        return Json.object(out -> out.text("LogFile", value == null ? "" : value.file())
                .number("LogPos", value == null ? 0 : value.position())
                .number("Type", type == BinlogCoordinates.Type.RELAY ? 1 : 0));
    }
}
