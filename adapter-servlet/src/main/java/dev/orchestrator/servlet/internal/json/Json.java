package dev.orchestrator.servlet.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/** A JSON value that knows how to write itself. */
@FunctionalInterface
public interface Json {
    /** The value null. */
    Json NULL = out -> out.generator().writeNull();

    /**
     * Writes the value.
     *
     * @param out where to
     * @throws IOException when that cannot take it
     */
    void writeTo(JsonOut out) throws IOException;

    /**
     * The value as text in UTF-8.
     *
     * @return the bytes
     */
    default byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = JsonOut.FACTORY.createGenerator(bytes)) {
            writeTo(new JsonOut(generator));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write JSON to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * A text.
     *
     * @param value the text
     * @return the value
     */
    static Json of(String value) {
        return out -> out.generator().writeString(value);
    }

    /**
     * A number.
     *
     * @param value the number
     * @return the value
     */
    static Json of(long value) {
        return out -> out.generator().writeNumber(value);
    }

    /**
     * A truth value.
     *
     * @param value true or false
     * @return the value
     */
    static Json of(boolean value) {
        return out -> out.generator().writeBoolean(value);
    }

    /**
     * A list.
     *
     * @param items what is in it
     * @param writer writes one item
     * @param <T> what the items are
     * @return the value
     */
    static <T> Json list(Collection<? extends T> items, Function<? super T, Json> writer) {
        return out -> {
            out.generator().writeStartArray();
            for (T item : items) {
                writer.apply(item).writeTo(out);
            }
            out.generator().writeEndArray();
        };
    }

    /**
     * A list of texts.
     *
     * @param items the texts
     * @return the value
     */
    static Json texts(Collection<String> items) {
        return list(items, Json::of);
    }

    /**
     * An object.
     *
     * @param fields writes its fields
     * @return the value
     */
    static Json object(Json fields) {
        return out -> {
            out.generator().writeStartObject();
            fields.writeTo(out);
            out.generator().writeEndObject();
        };
    }

    /**
     * An object with the fields of a map, in its order.
     *
     * @param fields the fields
     * @return the value
     */
    static Json object(Map<String, Json> fields) {
        return object(out -> {
            for (Map.Entry<String, Json> field : fields.entrySet()) {
                out.field(field.getKey(), field.getValue());
            }
        });
    }
}
