package dev.orchestrator.jooq.internal.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.api.model.InstanceKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts that fit their columns, and lists as JSON arrays of texts. */
final class Texts {
    static final JsonFactory JSON = new JsonFactory();

    private Texts() {}

    /** The beginning of a text, at most so many characters; for columns that only people read. */
    static String clip(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end);
    }

    static String list(List<?> texts) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartArray();
            for (Object text : texts) {
                json.writeString(text.toString());
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into memory", e);
        }
        return out.toString();
    }

    static List<String> list(@Nullable String json) {
        List<String> texts = new ArrayList<>();
        if (json == null || json.isEmpty()) {
            return texts;
        }
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    texts.add(parser.getText());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the backend holds a malformed list: " + clip(json, 100), e);
        }
        return texts;
    }

    static List<InstanceKey> keys(@Nullable String json) {
        return list(json).stream().map(InstanceKey::parse).toList();
    }

    /** The constant of that name, or the given one when a newer program wrote a name that this one does not know. */
    static <E extends Enum<E>> E named(Class<E> type, @Nullable String name, E unknown) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        return unknown;
    }

    static @Nullable InstanceKey key(@Nullable String hostname, @Nullable Integer port) {
        return hostname == null || port == null ? null : new InstanceKey(hostname, port);
    }
}
