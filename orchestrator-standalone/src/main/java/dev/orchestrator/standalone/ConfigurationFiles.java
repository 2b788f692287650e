package dev.orchestrator.standalone;

import dev.orchestrator.standalone.internal.config.SettingsLoader;
import dev.orchestrator.standalone.settings.StandaloneSettings;
import java.nio.file.Path;

/** The configuration file, or several of them. */
public final class ConfigurationFiles {
    private ConfigurationFiles() {}

    /**
     * Reads the files of the usual places, the later ones overriding: {@code /etc/orchestrator.conf.json},
     * {@code conf/orchestrator.conf.json}, {@code orchestrator.conf.json}. Where there is none, the embedded default
     * holds: SQLite in a file under the user's state directory, HTTP on 127.0.0.1:3000.
     *
     * @return the settings
     * @throws dev.orchestrator.api.OrchestratorException with {@code INVALID_CONFIGURATION}, naming everything that is
     *     wrong
     */
    public static StandaloneSettings load() {
        return SettingsLoader.ofThisProcess().load();
    }

    /**
     * Reads one file, which must exist.
     *
     * @param file the file
     * @return the settings
     * @throws dev.orchestrator.api.OrchestratorException with {@code INVALID_CONFIGURATION}, naming everything that is
     *     wrong
     */
    public static StandaloneSettings load(Path file) {
        return SettingsLoader.ofThisProcess().load(file);
    }
}
