package dev.orchestrator.jooq.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as JSON objects and reads them: a field for each component, left out where it has its default. Unknown
 * fields are passed over, missing ones have their default, and a null counts as missing, so that programs of different
 * versions read each other.
 */
public final class RecordJson {
    private final Map<Type, Form> forms = new HashMap<>(Forms.SIMPLE);
    private final Map<Class<?>, RecordForm> records = new HashMap<>();

    /** Reads what is in an object beside the components of its record. */
    public interface OtherFields {
        /**
         * Reads one field, whose value's first token was just read.
         *
         * @param field its name
         * @return false when it is unknown, and nothing was read
         * @throws IOException when it is malformed
         */
        boolean read(String field) throws IOException;
    }

    /**
     * Adds a type. Those of its components must be there already.
     *
     * @param defaults a record of it, each component of which has its default
     * @param required the components without which it is of no use, which are always written
     * @return this
     */
    public RecordJson with(Record defaults, String... required) {
        RecordForm form = new RecordForm(defaults, Set.of(required), this::formOf);
        forms.put(defaults.getClass(), form);
        records.put(defaults.getClass(), form);
        return this;
    }

    /**
     * Writes the fields of a record into the object that was begun.
     *
     * @param json where to
     * @param value the record
     * @param without components that are not written
     * @throws IOException when it cannot be written
     */
    public void writeFields(JsonGenerator json, Record value, Set<String> without) throws IOException {
        form(value).writeFields(json, value, without);
    }

    /**
     * Reads a record from the object whose start was just read.
     *
     * @param <T> its type
     * @param parser where from
     * @param missing what is not there is as here
     * @param without components that are passed over
     * @param others what else is in that object
     * @return the record, null when something required is not there
     * @throws IOException when it is malformed
     */
    @SuppressWarnings("unchecked") // made by the constructor of the same type
    public <T extends Record> @Nullable T read(JsonParser parser, T missing, Set<String> without, OtherFields others)
            throws IOException {
        return (T) form(missing).read(parser, missing, without, others);
    }

    private RecordForm form(Record value) {
        RecordForm form = records.get(value.getClass());
        if (form == null) {
            throw unknown(value.getClass());
        }
        return form;
    }

    private Form formOf(Type type) {
        Form form = forms.get(type);
        if (form != null) {
            return form;
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return Forms.list(formOf(list.getActualTypeArguments()[0]));
        }
        if (type instanceof Class<?> constants && constants.isEnum()) {
            return Forms.constants(constants);
        }
        throw unknown(type);
    }

    private static IllegalArgumentException unknown(Type type) {
        return new IllegalArgumentException("no form in JSON is known for " + type + "; Forms or with(..) give it one");
    }
}
