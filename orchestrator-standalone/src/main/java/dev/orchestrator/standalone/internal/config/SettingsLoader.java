package dev.orchestrator.standalone.internal.config;

import dev.orchestrator.api.config.OrchestratorConfig;
import dev.orchestrator.standalone.settings.BackendSettings;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import dev.orchestrator.standalone.text.NearestName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads configuration files into settings. */
public final class SettingsLoader {
    private final Map<String, String> environment;
    private final Path home;
    private final List<Path> usualPlaces;

    SettingsLoader(Map<String, String> environment, Path home, List<Path> usualPlaces) {
        this.environment = environment;
        this.home = home;
        this.usualPlaces = List.copyOf(usualPlaces);
    }

    /**
     * A loader that looks where this process would.
     *
     * @return a new loader
     */
    public static SettingsLoader ofThisProcess() {
        return new SettingsLoader(
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                Stream.of("/etc/orchestrator.conf.json", "conf/orchestrator.conf.json", "orchestrator.conf.json")
                        .map(Path::of)
                        .toList());
    }

    /**
     * Reads the files of the usual places.
     *
     * @return the settings; the embedded default when there is no file
     */
    public StandaloneSettings load() {
        List<Path> files = usualPlaces.stream().filter(Files::exists).toList();
        return files.isEmpty() ? embedded() : read(files);
    }

    /**
     * Reads one file.
     *
     * @param file the file
     * @return the settings
     */
    public StandaloneSettings load(Path file) {
        return read(List.of(file));
    }

    private StandaloneSettings embedded() {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? home.resolve(".local/state") : Path.of(state);
        return StandaloneSettings.builder()
                .engine(OrchestratorConfig.builder().build())
                .backend(BackendSettings.sqlite(
                        base.resolve("orchestrator/orchestrator.sqlite3").toString()))
                .build();
    }

    private StandaloneSettings read(List<Path> files) {
        ConfigProblems problems = new ConfigProblems(files);
        SettingsDraft draft = new SettingsDraft(problems, environment);
        List<JsonFile.Entry> entries =
                files.stream().flatMap(f -> JsonFile.read(f, problems).stream()).toList();
        // What a broken file holds after its fault is not known: nothing can be said about its keys.
        problems.throwIfAny();
        // Defaults first, then the values in the table's order and not the file's: a credentials file overrides user
        // and password wherever it stands.
        Map<String, JsonFile.Entry> given = new java.util.HashMap<>();
        Set<String> unknown = new HashSet<>();
        for (JsonFile.Entry entry : entries) {
            Optional<ConfigKey<?>> key = ConfigKeys.find(entry.name());
            if (key.isPresent()) {
                given.merge(key.get().name(), entry, (before, after) -> after.value() == null ? before : after);
            } else if (unknown.add(entry.name())) {
                warnOfUnknown(entry, problems);
            }
        }
        for (ConfigKey<?> key : ConfigKeys.all()) {
            JsonFile.Entry entry = given.get(key.name());
            if (entry == null || entry.value() == null) {
                key.applyDefault(draft);
            } else {
                key.apply(draft, entry.value(), problems, entry.place());
            }
        }
        StandaloneSettings settings = draft.build(draft.engine.build().defaultPort());
        problems.throwIfAny();
        return settings.toBuilder()
                .origin(files, problems.warnings(), problems.unknownKeys())
                .build();
    }

    private static void warnOfUnknown(JsonFile.Entry entry, ConfigProblems problems) {
        if (ConfigKeys.isRetired(entry.name())) {
            return;
        }
        String nearest = NearestName.of(entry.name(), ConfigKeys.names())
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
        problems.unknownKey(entry.place(), "unknown key " + entry.name() + " has no effect" + nearest);
    }
}
