package dev.orchestrator.jooq.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A record as an object with a field for each component that differs from its default. */
final class RecordForm implements Form {
    private record Component(Method accessor, Form form, boolean required) {
        @Nullable
        Object of(Record value) {
            return call(() -> accessor.invoke(value));
        }
    }

    private final Record defaults;
    private final Constructor<?> constructor;
    private final String[] names;
    private final Map<String, Component> components = new HashMap<>();

    /**
     * Looks at a type.
     *
     * @param defaults a record of it, each component of which has its default
     * @param required components that have none
     * @param forms the form of a component's type
     */
    RecordForm(Record defaults, Set<String> required, Function<Type, Form> forms) {
        this.defaults = defaults;
        RecordComponent[] all = defaults.getClass().getRecordComponents();
        this.names = Arrays.stream(all).map(RecordComponent::getName).toArray(String[]::new);
        this.constructor = call(() -> defaults.getClass()
                .getDeclaredConstructor(
                        Arrays.stream(all).map(RecordComponent::getType).toArray(Class<?>[]::new)));
        for (RecordComponent one : all) {
            components.put(
                    one.getName(),
                    new Component(
                            one.getAccessor(), forms.apply(one.getGenericType()), required.contains(one.getName())));
        }
    }

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        json.writeStartObject();
        writeFields(json, (Record) value, Set.of());
        json.writeEndObject();
    }

    void writeFields(JsonGenerator json, Record value, Set<String> without) throws IOException {
        for (String name : names) {
            Component component = Objects.requireNonNull(components.get(name));
            Object one = component.of(value);
            boolean told = component.required() || !Objects.equals(one, component.of(defaults));
            if (one != null && told && !without.contains(name)) {
                json.writeFieldName(name);
                component.form().write(json, one);
            }
        }
    }

    @Override
    public @Nullable Object read(JsonParser parser, @Nullable Object byDefault) throws IOException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            parser.skipChildren();
            return byDefault;
        }
        return read(parser, defaults, Set.of(), field -> false);
    }

    /** Reads the object whose start was just read; null when something required is not there. */
    @Nullable
    Object read(JsonParser parser, Record missing, Set<String> without, RecordJson.OtherFields others)
            throws IOException {
        Map<String, Object> found = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            boolean given = parser.nextToken() != JsonToken.VALUE_NULL;
            Component component = without.contains(field) ? null : components.get(field);
            if (given && component != null) {
                Object one = component.form().read(parser, component.of(missing));
                if (one != null) {
                    found.put(field, one);
                }
            } else if (given && !others.read(field)) {
                parser.skipChildren();
            }
        }
        return made(found, missing, without);
    }

    private @Nullable Object made(Map<String, Object> found, Record missing, Set<String> without) {
        Set<String> lacking = new HashSet<>();
        @Nullable Object[] values = new Object[names.length];
        for (int i = 0; i < names.length; i++) {
            Component component = Objects.requireNonNull(components.get(names[i]));
            values[i] = found.containsKey(names[i]) ? found.get(names[i]) : component.of(missing);
            if (component.required() && !without.contains(names[i]) && !found.containsKey(names[i])) {
                lacking.add(names[i]);
            }
        }
        return lacking.isEmpty() ? call(() -> constructor.newInstance(values)) : null;
    }

    private interface Call<T> {
        T call() throws ReflectiveOperationException;
    }

    /** What a record refuses is its own word; that it cannot be looked at is a fault of this program. */
    private static <T> T call(Call<T> call) {
        try {
            return call.call();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("a record failed when it was made or read", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record is not public, or not a record", e);
        }
    }
}
