package dev.orchestrator.testkit.internal;

import dev.orchestrator.testkit.server.ServerFamily;
import dev.orchestrator.testkit.server.ServerPackage;

/** The users every server has: root, orchestrator, repl and app. One statement per line, as --init-file and --bootstrap want. */
final class InitSql {
    private static final String USERS = """
            CREATE USER 'root'@'%' IDENTIFIED BY 'root';
            CREATE USER 'orchestrator'@'%' IDENTIFIED BY 'orch_topology';
            CREATE USER 'repl'@'%' IDENTIFIED BY 'repl';
            CREATE USER 'app'@'%' IDENTIFIED BY 'app';
            GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON *.* TO 'app'@'%';
            GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
            GRANT SUPER, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT, RELOAD ON *.* TO 'orchestrator'@'%';
            GRANT ALL ON meta.* TO 'orchestrator'@'%';
            GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%';
            """;
    private static final String MYSQL = """
            GRANT SELECT ON mysql.slave_master_info TO 'orchestrator'@'%';
            GRANT SELECT ON performance_schema.* TO 'orchestrator'@'%';
            """;
    private static final String MYSQL_SINCE_8 = """
            GRANT BACKUP_ADMIN, CLONE_ADMIN ON *.* TO 'repl'@'%';
            GRANT SYSTEM_VARIABLES_ADMIN, REPLICATION_SLAVE_ADMIN, BINLOG_ADMIN, CONNECTION_ADMIN, CLONE_ADMIN,\
             BACKUP_ADMIN, GROUP_REPLICATION_ADMIN, PERSIST_RO_VARIABLES_ADMIN, SERVICE_CONNECTION_ADMIN\
             ON *.* TO 'orchestrator'@'%';
            """;
    private static final String MARIADB_BEFORE = """
            DELETE FROM mysql.global_priv WHERE user='' OR (user='root' AND host<>'localhost');
            FLUSH PRIVILEGES;
            """;
    private static final String MARIADB = """
            GRANT BINLOG MONITOR, BINLOG ADMIN, REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, SLAVE MONITOR,\
             READ_ONLY ADMIN, CONNECTION ADMIN, BINLOG REPLAY ON *.* TO 'orchestrator'@'%';
            GRANT SELECT ON mysql.* TO 'orchestrator'@'%';
            """;

    private InitSql() {}

    /** Where an image has made root already, and writes a binary log while it does so. */
    static String inContainer(ServerPackage server) {
        String users = server.family() == ServerFamily.MARIADB ? USERS + MARIADB : of(server);
        return "SET SESSION sql_log_bin = 0;\n" + users.replace("CREATE USER ", "CREATE USER IF NOT EXISTS ");
    }

    static String of(ServerPackage server) {
        if (server.family() == ServerFamily.MARIADB) {
            return MARIADB_BEFORE + USERS + MARIADB;
        }
        return USERS + MYSQL + (server.usesSourceAndReplicaWords() ? MYSQL_SINCE_8 : "");
    }
}
