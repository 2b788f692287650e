package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.server.PerformanceSchema;
import dev.orchestrator.testkit.server.SemiSync;
import dev.orchestrator.testkit.server.ServerFamily;
import dev.orchestrator.testkit.server.ServerOptions;
import dev.orchestrator.testkit.server.ServerPackage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the option file of a server. */
final class MyCnf {
    private static final List<String> PFS_ZERO = List.of(
                    "digests-size events-statements-history-long-size events-statements-history-size"
                            + " events-waits-history-long-size events-waits-history-size events-stages-history-long-size"
                            + " events-stages-history-size max-digest-length session-connect-attrs-size accounts-size"
                            + " users-size hosts-size setup-actors-size setup-objects-size max-mutex-classes"
                            + " max-rwlock-classes max-cond-classes max-file-classes max-socket-classes max-stage-classes"
                            + " max-statement-classes error-size events-transactions-history-long-size"
                            + " events-transactions-history-size max-index-stat max-table-lock-stat max-sql-text-length"
                            + " max-prepared-statements-instances max-metadata-locks max-program-instances max-memory-classes")
            .stream()
            .flatMap(names -> List.of(names.split(" ")).stream())
            .toList();

    private MyCnf() {}

    /** Where a server lives: its folder, and the port it listens on at 127.0.0.1. */
    record Place(Path folder, int port) {
        Path data() {
            return folder.resolve("data");
        }

        Path errorLog() {
            return folder.resolve("error.log");
        }

        Path generalLog() {
            return folder.resolve("general.log");
        }

        Path file() {
            return folder.resolve("my.cnf");
        }
    }

    /** The file of a server that is a process of this machine. */
    static String text(ServerOptions options, Place place) {
        List<String> lines = new ArrayList<>(List.of("[mysqld]"));
        if (DataTemplates.isRoot()) {
            lines.add("user = root");
        }
        lines.addAll(List.of(
                "socket = " + place.folder().resolve("s.sock"),
                "datadir = " + place.data(),
                "pid-file = " + place.folder().resolve("pid"),
                "log-error = " + place.errorLog()));
        return text(lines, options, place.port(), place.generalLog());
    }

    /** The file of a server that runs in a container, whose image says where everything is. */
    static String textInContainer(ServerOptions options, int port, Path generalLog) {
        return text(new ArrayList<>(List.of("[mysqld]")), options, port, generalLog);
    }

    private static String text(List<String> lines, ServerOptions options, int port, Path generalLog) {
        identity(lines, port);
        basics(lines);
        family(lines, options);
        performanceSchema(lines, options.performanceSchema());
        behaviour(lines, options, generalLog);
        options.semiSync().ifPresent(semiSync -> semiSync(lines, options, semiSync));
        lines.addAll(options.lines());
        return String.join("\n", lines) + "\n";
    }

    private static void identity(List<String> lines, int port) {
        lines.addAll(List.of(
                "port = " + port,
                "bind-address = 127.0.0.1",
                "server-id = " + port,
                "report-host = 127.0.0.1",
                "report-port = " + port));
    }

    private static void basics(List<String> lines) {
        lines.addAll(List.of(
                "skip-name-resolve",
                "log-bin = binlog",
                "relay-log = relay",
                "binlog-format = ROW",
                "max-connections = 200",
                "innodb-log-buffer-size = 1M",
                "key-buffer-size = 64K",
                "table-open-cache = 200",
                "table-definition-cache = 400",
                "loose-innodb-use-native-aio = 0",
                "loose-innodb-buffer-pool-dump-at-shutdown = 0",
                "loose-innodb-buffer-pool-load-at-startup = 0",
                "innodb-fast-shutdown = 1"));
    }

    private static void family(List<String> lines, ServerOptions options) {
        ServerPackage server = options.serverPackage();
        if (server.family() == ServerFamily.MARIADB) {
            lines.addAll(List.of(
                    "innodb-buffer-pool-size = 8M",
                    "innodb-log-file-size = 4M",
                    "log-slave-updates",
                    "gtid-strict-mode = 1",
                    "gtid-domain-id = 0",
                    "loose-ssl = 0"));
            return;
        }
        lines.addAll(List.of(
                "innodb-buffer-pool-size = 5M",
                "secure-file-priv = NULL",
                "relay-log-recovery = 1",
                "gtid-mode = " + (options.gtid() ? "ON" : "OFF")));
        if (options.gtid()) {
            lines.add("enforce-gtid-consistency = ON");
        }
        if (server.usesSourceAndReplicaWords()) {
            lines.addAll(List.of("log-replica-updates", "innodb-redo-log-capacity = 8M", "loose-mysqlx = OFF"));
        } else {
            lines.addAll(List.of(
                    "log-slave-updates",
                    "innodb-log-file-size = 4M",
                    "master-info-repository = TABLE",
                    "relay-log-info-repository = TABLE",
                    "explicit-defaults-for-timestamp",
                    "show_compatibility_56 = 0",
                    "log_syslog = 0"));
        }
    }

    private static void performanceSchema(List<String> lines, PerformanceSchema wanted) {
        switch (wanted) {
            case OFF -> lines.add("performance-schema = 0");
            case FULL -> lines.add("performance-schema = 1");
            case SMALL -> {
                lines.add("performance-schema = 1");
                PFS_ZERO.forEach(name -> lines.add("loose-performance-schema-" + name + " = 0"));
                lines.addAll(List.of(
                        "loose-performance-schema-max-table-instances = 200",
                        "loose-performance-schema-max-table-handles = 100",
                        "loose-performance-schema-max-thread-instances = 100",
                        "loose-performance-schema-max-statement-stack = 1"));
            }
        }
    }

    private static void behaviour(List<String> lines, ServerOptions options, Path generalLog) {
        boolean mysql = options.serverPackage().family() == ServerFamily.MYSQL;
        if (!options.durable()) {
            // 2, not 0: every commit must be with the kernel, or kill -9 of the server loses acknowledged ones.
            lines.addAll(List.of("sync-binlog = 0", "innodb-flush-log-at-trx-commit = 2", "innodb-doublewrite = 0"));
        }
        if (options.readOnly()) {
            lines.add("read-only = 1");
            if (mysql) {
                lines.add("super-read-only = 1");
            }
        }
        options.replicaNetTimeout().ifPresent(timeout -> {
            String name = options.serverPackage().usesSourceAndReplicaWords() ? "replica" : "slave";
            lines.add(name + "-net-timeout = " + timeout.toSeconds());
        });
        if (options.generalLog()) {
            lines.addAll(List.of("general-log = 1", "general-log-file = " + generalLog));
        }
    }

    private static void semiSync(List<String> lines, ServerOptions options, SemiSync semiSync) {
        boolean mysql = options.serverPackage().family() == ServerFamily.MYSQL;
        String primary = mysql ? "rpl-semi-sync-source" : "rpl-semi-sync-master";
        String replica = mysql ? "rpl-semi-sync-replica" : "rpl-semi-sync-slave";
        if (mysql) {
            lines.add("plugin-load-add = semisync_source.so");
            lines.add("plugin-load-add = semisync_replica.so");
            lines.add(primary + "-wait-for-replica-count = " + semiSync.acks());
        }
        lines.add(primary + "-wait-point = AFTER_SYNC");
        lines.add(primary + "-timeout = " + semiSync.timeout().toMillis());
        lines.add((options.semiSyncReplica() ? replica : primary) + "-enabled = 1");
    }
}
