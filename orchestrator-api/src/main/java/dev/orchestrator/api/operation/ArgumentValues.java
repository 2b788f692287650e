package dev.orchestrator.api.operation;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The arguments of one operation, read. */
public final class ArgumentValues {
    private final Map<Argument<?>, Object> values;

    private ArgumentValues(Map<Argument<?>, Object> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Reads arguments.
     *
     * @param parameters which, and whether they may be left out
     * @param texts what was written
     * @param names finds what is named
     * @return what is meant
     * @throws OrchestratorException that says what is missing, malformed or not known
     */
    static ArgumentValues read(Iterable<? extends Parameter<?>> parameters, ArgumentTexts texts, NameResolver names) {
        Map<Argument<?>, Object> values = new HashMap<>();
        for (Parameter<?> parameter : parameters) {
            Argument<?> argument = parameter.argument();
            String text = texts.text(argument);
            if (text != null) {
                values.put(argument, parse(argument, text, texts, names));
            } else if (parameter.required()) {
                throw new OrchestratorException(
                        ErrorCode.INVALID_INPUT, "missing " + texts.place(argument) + " (" + argument.meaning() + ")");
            }
        }
        return new ArgumentValues(values);
    }

    private static <T> T parse(Argument<T> argument, String text, ArgumentTexts texts, NameResolver names) {
        try {
            return argument.parser().parse(text, names);
        } catch (IllegalArgumentException e) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_INPUT,
                    "malformed " + texts.place(argument) + " (" + argument.meaning() + "): " + e.getMessage(),
                    e);
        }
    }

    /**
     * An argument that cannot be left out.
     *
     * @param <T> what it is read as
     * @return what is meant
     */
    public <T> T of(Argument<T> argument) {
        return Objects.requireNonNull(orNull(argument), argument.name());
    }

    /**
     * An argument that may be left out.
     *
     * @param <T> what it is read as
     * @return null when nothing was written
     */
    public <T> @Nullable T orNull(Argument<T> argument) {
        Object value = values.get(argument);
        return value == null ? null : argument.type().cast(value);
    }
}
