package dev.orchestrator.standalone.internal.config;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a configuration, so that an operator sees all of it at once. */
final class ConfigProblems {
    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> unknownKeys = new ArrayList<>();
    private final String files;

    ConfigProblems(List<Path> files) {
        this.files = String.join(", ", files.stream().map(Path::toString).toList());
    }

    /**
     * Where something stands.
     *
     * @param file the file's path
     * @param line from 1
     * @param column from 1
     */
    record Place(String file, int line, int column) {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    void error(@Nullable Place place, String message) {
        errors.add((place == null ? "" : place + ": ") + message);
    }

    /** An error that stands at no one place, such as a key that is missing. */
    void errorOfAll(String message) {
        errors.add(files + ": " + message);
    }

    void warning(@Nullable Place place, String message) {
        warnings.add((place == null ? "" : place + ": ") + message);
    }

    /** A warning of a key that nobody knows. */
    void unknownKey(Place place, String message) {
        warning(place, message);
        unknownKeys.add(place + ": " + message);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Those of the warnings that speak of keys that nobody knows. */
    List<String> unknownKeys() {
        return List.copyOf(unknownKeys);
    }

    /** Throws one exception that names every error. */
    void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_CONFIGURATION, "the configuration cannot be used: " + String.join("; ", errors));
        }
    }
}
