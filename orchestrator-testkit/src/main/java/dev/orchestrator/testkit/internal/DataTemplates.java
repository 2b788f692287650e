package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.internal.fetch.Cache;
import dev.orchestrator.testkit.internal.fetch.FileTrees;
import dev.orchestrator.testkit.internal.fetch.Hashes;
import dev.orchestrator.testkit.internal.fetch.ServerDistribution;
import dev.orchestrator.testkit.internal.fetch.ShellCommands;
import dev.orchestrator.testkit.server.ServerFamily;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Initialised data directories with the users in them, without GTIDs, binary logs and server id: made once, copied often. */
final class DataTemplates {
    private static final List<String> PERSONAL = List.of("auto.cnf", "ib_buffer_pool", "ibtmp1", "s.sock", "pid");

    private static final Logger LOG = LoggerFactory.getLogger(DataTemplates.class);

    private final Cache cache;

    DataTemplates(Cache cache) {
        this.cache = cache;
    }

    /** The template for that server; the first call on a machine takes seconds. */
    Path of(ServerDistribution distribution) {
        String users = InitSql.of(distribution.serverPackage());
        List<String> options = options(distribution);
        String name = distribution.folder().getFileName() + "-" + distribution.version() + "-data-"
                + Hashes.shortHash(
                        users, String.join(" ", options), distribution.folder().toString());
        return cache.folder(name, folder -> {
            // Inside of the folder, so that whoever finds it half made removes this too.
            Path work = Files.createDirectory(folder.resolve("work"));
            LOG.atInfo().addKeyValue("server", distribution.version()).log("initialising a data directory, once");
            try {
                Path data = work.resolve("data");
                initialise(distribution, new Work(work, data, users, options));
                for (String personal : PERSONAL) {
                    Files.deleteIfExists(data.resolve(personal));
                }
                FileTrees.copySparse(data, folder.resolve("data"));
            } finally {
                FileTrees.delete(work);
            }
        });
    }

    /** True when this JVM runs as root, which a server wants to be told. */
    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return System.getProperty("user.name").equals("root");
        }
    }

    private record Work(Path folder, Path data, String users, List<String> options) {}

    private static List<String> options(ServerDistribution distribution) {
        List<String> options = new ArrayList<>(List.of(
                "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--loose-innodb-use-native-aio=0"));
        if (isRoot()) {
            options.add("--user=root");
        }
        if (distribution.serverPackage().family() == ServerFamily.MARIADB) {
            options.addAll(List.of(
                    "--innodb-log-file-size=4M",
                    "--enforce-storage-engine=",
                    "--max_allowed_packet=8M",
                    "--bootstrap"));
        } else {
            options.add(
                    distribution.serverPackage().usesSourceAndReplicaWords()
                            ? "--innodb-redo-log-capacity=8M"
                            : "--innodb-log-file-size=4M");
            options.addAll(List.of("--secure-file-priv=NULL", "--initialize-insecure"));
        }
        return options;
    }

    private static void initialise(ServerDistribution distribution, Work work) throws IOException {
        boolean mariadb = distribution.serverPackage().family() == ServerFamily.MARIADB;
        List<String> options = new ArrayList<>(work.options());
        options.add("--datadir=" + work.data());
        Path input = null;
        if (mariadb) {
            Files.createDirectories(work.data());
            input = bootstrapSql(distribution, work);
        } else {
            Path users = Files.writeString(work.folder().resolve("users.sql"), work.users());
            options.add("--init-file=" + users);
        }
        run(distribution, options, input);
    }

    private static void run(ServerDistribution distribution, List<String> options, @Nullable Path input)
            throws IOException {
        ShellCommands.Result result = ShellCommands.run(new ShellCommands.Call(
                distribution.command("--no-defaults", options), null, distribution.environment(), input));
        if (result.exitCode() != 0) {
            throw new TestkitException("cannot initialise a data directory with "
                    + distribution.serverPackage().id() + " (" + distribution.folder() + "): " + result.tail());
        }
    }

    private static Path bootstrapSql(ServerDistribution distribution, Work work) throws IOException {
        Path file = work.folder().resolve("bootstrap.sql");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("create database if not exists mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n"
                    .getBytes(StandardCharsets.UTF_8));
            for (Path script : systemTables(distribution)) {
                Files.copy(script, out);
                out.write('\n');
            }
            out.write(work.users().getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static List<Path> systemTables(ServerDistribution distribution) {
        Path share = Stream.of("usr/share/mysql", "usr/share/mariadb", "share")
                .map(distribution.folder()::resolve)
                .filter(folder -> Files.exists(folder.resolve("maria_add_gis_sp_bootstrap.sql")))
                .findFirst()
                .orElseThrow(() -> new TestkitException(
                        "there is no maria_add_gis_sp_bootstrap.sql below " + distribution.folder()));
        String prefix = Files.exists(share.resolve("mysql_system_tables.sql")) ? "mysql" : "mariadb";
        return Stream.of(
                        prefix + "_system_tables.sql",
                        prefix + "_performance_tables.sql",
                        prefix + "_system_tables_data.sql",
                        "maria_add_gis_sp_bootstrap.sql",
                        prefix + "_sys_schema.sql")
                .map(share::resolve)
                .filter(Files::exists)
                .toList();
    }
}
