package dev.orchestrator.jooq.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ServerVersion;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The forms of what is no record. */
final class Forms {
    /** Types that look alike everywhere. */
    static final Map<Type, Form> SIMPLE = Map.of(
            boolean.class, of((json, v) -> json.writeBoolean((Boolean) v), JsonParser::getBooleanValue),
            int.class, of((json, v) -> json.writeNumber((Integer) v), JsonParser::getIntValue),
            long.class, of((json, v) -> json.writeNumber((Long) v), JsonParser::getLongValue),
            String.class, text(Object::toString, text -> text),
            Duration.class, text(Object::toString, Duration::parse),
            Instant.class, text(Object::toString, Instant::parse),
            InstanceKey.class, text(Object::toString, InstanceKey::parse),
            GtidSet.class, text(Object::toString, GtidSet::parse),
            ServerVersion.class, text(v -> ((ServerVersion) v).text(), text -> ServerVersion.parse(text, "")));

    private Forms() {}

    private interface Writer {
        void write(JsonGenerator json, Object value) throws IOException;
    }

    private interface Reader {
        Object read(JsonParser parser) throws IOException;
    }

    private static Form of(Writer writer, Reader reader) {
        return new Form() {
            @Override
            public void write(JsonGenerator json, Object value) throws IOException {
                writer.write(json, value);
            }

            @Override
            public Object read(JsonParser parser, @Nullable Object byDefault) throws IOException {
                return reader.read(parser);
            }
        };
    }

    private static Form text(Function<Object, String> print, Function<String, Object> parse) {
        return of((json, v) -> json.writeString(print.apply(v)), parser -> parse.apply(parser.getText()));
    }

    /** A constant by its name; a name that this program does not know is of no use. */
    static Form constants(Class<?> type) {
        return new Form() {
            @Override
            public void write(JsonGenerator json, Object value) throws IOException {
                json.writeString(((Enum<?>) value).name());
            }

            @Override
            public @Nullable Object read(JsonParser parser, @Nullable Object byDefault) throws IOException {
                for (Object constant : type.getEnumConstants()) {
                    if (((Enum<?>) constant).name().equals(parser.getText())) {
                        return constant;
                    }
                }
                return byDefault;
            }
        };
    }

    /** An array; elements that are of no use are left out. */
    static Form list(Form element) {
        return new Form() {
            @Override
            public void write(JsonGenerator json, Object value) throws IOException {
                json.writeStartArray();
                for (Object one : (List<?>) value) {
                    element.write(json, one);
                }
                json.writeEndArray();
            }

            @Override
            public Object read(JsonParser parser, @Nullable Object byDefault) throws IOException {
                List<Object> all = new ArrayList<>();
                if (!parser.hasToken(JsonToken.START_ARRAY)) {
                    parser.skipChildren();
                    return all;
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    Object one = element.read(parser, null);
                    if (one != null) {
                        all.add(one);
                    }
                }
                return all;
            }
        };
    }
}
