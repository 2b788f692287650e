package dev.orchestrator.engine.internal.mysql;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides of semi-synchronous replication are called on a server; both plugins of MySQL can be loaded
 * independently, under the old or the new name.
 *
 * @param source the prefix of the source side, such as {@code rpl_semi_sync_source}; null when it is not there
 * @param replica the prefix of the replica side; null when it is not there
 * @param sourceWords the vocabulary of the source side
 */
record SemiSyncNames(@Nullable String source, @Nullable String replica, ReplicationVocabulary sourceWords) {
    static final SemiSyncNames NONE = new SemiSyncNames(null, null, ReplicationVocabulary.MODERN);

    /** Reads them from the names of status variables in lower case. */
    static SemiSyncNames of(Map<String, String> status) {
        String source = null;
        String replica = null;
        ReplicationVocabulary sourceWords = ReplicationVocabulary.MODERN;
        for (ReplicationVocabulary words : ReplicationVocabulary.values()) {
            String sourcePrefix = "rpl_semi_sync_" + words.source();
            String replicaPrefix = "rpl_semi_sync_" + words.replica();
            if (source == null && status.containsKey(sourcePrefix + "_status")) {
                source = sourcePrefix;
                sourceWords = words;
            }
            if (replica == null && status.containsKey(replicaPrefix + "_status")) {
                replica = replicaPrefix;
            }
        }
        return new SemiSyncNames(source, replica, sourceWords);
    }

    boolean available() {
        return source != null || replica != null;
    }
}
