package dev.orchestrator.testkit.server;

/**
 * The servers the testkit knows how to get and to start.
 *
 * <p>Where a package is looked for, in this order: the folder named by the system property
 * {@code orchestrator.testkit.<id>.dir} (or the environment variable {@code ORCHESTRATOR_TESTKIT_<ID>_DIR}), the class
 * path (8.0 and 5.7), the cache. 9.x and MariaDB are fetched from the machine's own Debian mirror, without root and
 * without installing anything, only when asked: by {@code ServerPackages.fetch} or {@code -Dorchestrator.testkit.fetch=true}.
 */
public enum ServerPackage {
    /** MySQL 8.0.31, the default: the one that comes with the testkit. */
    MYSQL_8_0("mysql-8.0", ServerFamily.MYSQL, 80),
    /** MySQL 5.7.22, the old statements; comes with the testkit. */
    MYSQL_5_7("mysql-5.7", ServerFamily.MYSQL, 57),
    /** The MySQL 9.x that Debian sid holds today: new statements, semi-sync, clone and group replication plugins. */
    MYSQL_9("mysql-9", ServerFamily.MYSQL, 90),
    /** MariaDB 10.11 of Debian bookworm, semi-sync built in. */
    MARIADB_10_11("mariadb-10.11", ServerFamily.MARIADB, 1011),
    /** MariaDB 11.8 of Debian trixie, semi-sync built in. */
    MARIADB_11_8("mariadb-11.8", ServerFamily.MARIADB, 1108);

    private final String id;
    private final ServerFamily family;
    private final int level;

    ServerPackage(String id, ServerFamily family, int level) {
        this.id = id;
        this.family = family;
        this.level = level;
    }

    /** The name used in folders and property names, such as {@code mysql-8.0}. */
    public String id() {
        return id;
    }

    /** MySQL or MariaDB. */
    public ServerFamily family() {
        return family;
    }

    /** True for MySQL 8.0 and later, where {@code CHANGE REPLICATION SOURCE TO} and its like are the words to use. */
    public boolean usesSourceAndReplicaWords() {
        return family == ServerFamily.MYSQL && level >= 80;
    }

    /** True when the package brings semi-synchronous replication: MySQL 9.x and MariaDB, not the MySQL builds of 8.0.31 and 5.7.22. */
    public boolean hasSemiSync() {
        return family == ServerFamily.MARIADB || level >= 90;
    }
}
