package dev.orchestrator.jooq.internal.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.CRC32;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * One script with one statement, named {@code V<version>__<description>.sql}. It may be run again: what it makes may be
 * there already, because another node made it at the same moment or a node died before it could write that down.
 */
final class MigrationScript implements JavaMigration {
    private final String folder;
    private final String name;

    MigrationScript(String folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion(MigrationScripts.version(name));
    }

    @Override
    public String getDescription() {
        return name.substring(name.indexOf("__") + 2, name.length() - ".sql".length())
                .replace('_', ' ');
    }

    @Override
    public Integer getChecksum() {
        CRC32 checksum = new CRC32();
        checksum.update(text().getBytes(StandardCharsets.UTF_8));
        return (int) checksum.getValue();
    }

    @Override
    public boolean canExecuteInTransaction() {
        return false;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        try (Statement statement = context.getConnection().createStatement()) {
            statement.execute(text());
        } catch (SQLException e) {
            if (!saysThatItIsThere(e)) {
                throw e;
            }
        }
    }

    private static boolean saysThatItIsThere(SQLException e) {
        // Table exists, duplicate column, duplicate key name; SQLite has no numbers for them.
        return e.getErrorCode() == 1050
                || e.getErrorCode() == 1060
                || e.getErrorCode() == 1061
                || String.valueOf(e.getMessage()).contains("already exists")
                || String.valueOf(e.getMessage()).contains("duplicate column name");
    }

    String text() {
        String resource = "/dev/orchestrator/jooq/migration/" + folder + "/" + name;
        try (InputStream in = MigrationScript.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program's file " + resource + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's file " + resource, e);
        }
    }
}
