package dev.orchestrator.testkit.server;

/** The two families of servers that differ in statements, GTIDs and how a data directory is made. */
public enum ServerFamily {
    /** MySQL of Oracle and what behaves like it. */
    MYSQL,
    /** MariaDB. */
    MARIADB
}
