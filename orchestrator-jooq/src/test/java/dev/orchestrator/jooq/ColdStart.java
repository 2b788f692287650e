package dev.orchestrator.jooq;

import dev.orchestrator.jooq.options.JooqBackendOptions;
import java.nio.file.Path;
import java.util.List;

/** What a one-shot command does with a backend, as a program of its own: {@code sqlite FILE}. */
public final class ColdStart {
    private ColdStart() {}

    /** Opens the backend, reads the clusters, and prints how long that took. */
    public static void main(String[] args) {
        long begin = System.nanoTime();
        try (JooqBackend backend = JooqBackend.sqlite(Path.of(args[0]), JooqBackendOptions.forCommand())) {
            long open = System.nanoTime();
            List<?> clusters = backend.instances().readClusters();
            long read = System.nanoTime();
            System.out.println(clusters.size() + " clusters, open " + (open - begin) / 1000 + " us, read "
                    + (read - open) / 1000 + " us");
        }
    }
}
