package dev.orchestrator.standalone.internal.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What kind of value a key takes. Numbers are whole, as in the predecessor.
 *
 * @param <T> the Java type
 */
public final class ValueType<T> {
    static final ValueType<Boolean> BOOL = new ValueType<>("true or false", v -> v instanceof Boolean b ? b : null);
    static final ValueType<String> STRING = new ValueType<>("a text", v -> v instanceof String s ? s : null);
    static final ValueType<Long> INT = new ValueType<>("a whole number", v -> v instanceof Long n ? n : null);
    static final ValueType<Long> UINT =
            new ValueType<>("a whole number, 0 or more", v -> v instanceof Long n && n >= 0 ? n : null);
    static final ValueType<List<String>> LIST = new ValueType<>("a list of texts", ValueType::texts);
    static final ValueType<Map<String, String>> MAP = new ValueType<>("an object of texts", ValueType::textMap);

    private final String expected;
    private final Function<Object, @Nullable T> reader;

    private ValueType(String expected, Function<Object, @Nullable T> reader) {
        this.expected = expected;
        this.reader = reader;
    }

    /** What a reader of the file should have written. */
    String expected() {
        return expected;
    }

    /** The value, null when it is of another kind. */
    @Nullable
    T read(Object json) {
        return reader.apply(json);
    }

    @SuppressWarnings("unchecked")
    private static @Nullable List<String> texts(Object value) {
        return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)
                ? (List<String>) list
                : null;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, String> textMap(Object value) {
        return value instanceof Map<?, ?> map && map.values().stream().allMatch(String.class::isInstance)
                ? (Map<String, String>) map
                : null;
    }
}
