package dev.orchestrator.jooq;

import dev.orchestrator.jooq.options.JooqBackendOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;

/** A file in a directory of its own, which is removed at the end. */
final class SqliteTestBackend implements TestBackend {
    private final Path directory;
    private final Path file;

    SqliteTestBackend() {
        try {
            directory = Files.createTempDirectory("orc-sqlite");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file = directory.resolve("orchestrator.db");
    }

    Path file() {
        return file;
    }

    @Override
    public JooqBackend open(JooqBackendOptions how) {
        return JooqBackend.sqlite(file, how);
    }

    @Override
    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
