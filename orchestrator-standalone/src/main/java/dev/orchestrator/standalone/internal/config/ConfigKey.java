package dev.orchestrator.standalone.internal.config;

import java.util.function.BiConsumer;

/**
 * One key of the configuration file.
 *
 * @param name as the predecessor spells it; upper and lower case do not matter in the file
 * @param type what kind of value it takes
 * @param defaultValue what holds when the file omits it
 * @param effect what it does here
 * @param note more about that, for people; empty for nothing
 * @param reader puts the value, or the default, into the settings; does nothing unless the key is honoured
 * @param <T> the Java type of the value
 */
public record ConfigKey<T>(
        String name,
        ValueType<T> type,
        T defaultValue,
        KeyEffect effect,
        String note,
        BiConsumer<SettingsDraft, T> reader) {

    static <T> ConfigKey<T> honoured(String name, ValueType<T> type, T value, BiConsumer<SettingsDraft, T> reader) {
        return honoured(name, type, value, "", reader);
    }

    static <T> ConfigKey<T> honoured(
            String name, ValueType<T> type, T value, String note, BiConsumer<SettingsDraft, T> reader) {
        return new ConfigKey<>(name, type, value, KeyEffect.HONOURED, note, reader);
    }

    static <T> ConfigKey<T> noEffect(String name, ValueType<T> type, T value, String why) {
        return new ConfigKey<>(name, type, value, KeyEffect.NO_EFFECT, why, (draft, v) -> {});
    }

    static <T> ConfigKey<T> notYet(String name, ValueType<T> type, T value) {
        return notYet(name, type, value, "");
    }

    static <T> ConfigKey<T> notYet(String name, ValueType<T> type, T value, String note) {
        return new ConfigKey<>(name, type, value, KeyEffect.NOT_YET, note, (draft, v) -> {});
    }

    static <T> ConfigKey<T> stopsStart(String name, ValueType<T> type, T value, String why) {
        return new ConfigKey<>(name, type, value, KeyEffect.STOPS_START, why, (draft, v) -> {});
    }

    static <T> ConfigKey<T> stopsRecovery(String name, ValueType<T> type, T value) {
        return new ConfigKey<>(name, type, value, KeyEffect.STOPS_RECOVERY, "", (draft, v) -> {});
    }

    /** Reads a value of the file; when it is of the wrong kind, says so and leaves things as they are. */
    void apply(SettingsDraft draft, Object json, ConfigProblems problems, ConfigProblems.Place place) {
        draft.reading(name, place);
        // What a shell is to run has variables of its own.
        Object given = name.endsWith("Processes") ? json : draft.fromEnvironment(json);
        if (given == null) {
            return;
        }
        T value = type.read(given);
        if (value == null) {
            draft.violation("must be " + type.expected() + ", not " + shown(json));
            return;
        }
        if (value.equals(defaultValue)) {
            reader.accept(draft, value);
            return;
        }
        switch (effect) {
            case HONOURED -> reader.accept(draft, value);
            case NO_EFFECT -> {}
            case NOT_YET ->
                problems.warning(
                        place, name + " is not honoured yet and has no effect" + (note.isEmpty() ? "" : ": " + note));
            case STOPS_START ->
                problems.error(place, name + " is not honoured yet, and starting without it would be unsafe: " + note);
            case STOPS_RECOVERY -> {
                draft.forbidRecovery(name);
                problems.warning(
                        place,
                        name + " is not honoured yet; until it is, or is removed, automatic recovery is switched off");
            }
        }
    }

    void applyDefault(SettingsDraft draft) {
        draft.reading(name, null);
        reader.accept(draft, defaultValue);
    }

    private String shown(Object json) {
        // A value under the wrong key may be a password: its kind is enough to find it.
        if (json instanceof String) {
            return "a text";
        }
        return json instanceof Long || json instanceof Double || json instanceof Boolean
                ? json.toString()
                : json instanceof java.util.List ? "a list" : "an object";
    }
}
