package dev.orchestrator.engine.internal.mysql;

/** The two vocabularies of replication statements, columns and variables. */
enum ReplicationVocabulary {
    /** MySQL from 8.0.26 on. */
    MODERN("source", "replica"),
    /** MySQL before 8.0.26 and MariaDB. */
    CLASSIC("master", "slave");

    private final String source;
    private final String replica;

    ReplicationVocabulary(String source, String replica) {
        this.source = source;
        this.replica = replica;
    }

    /** Lower case, for variables; statements do not care. */
    String source() {
        return source;
    }

    /** Lower case, for variables; statements do not care. */
    String replica() {
        return replica;
    }
}
