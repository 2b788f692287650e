package dev.orchestrator.jooq;

import dev.orchestrator.jooq.options.JooqBackendOptions;

/** A place for a backend that tests open, possibly more than once at a time. */
interface TestBackend extends AutoCloseable {
    /** Opens it as one node would. */
    JooqBackend open(JooqBackendOptions how);

    /** Opens it as a service would. */
    default JooqBackend open() {
        return open(JooqBackendOptions.builder().poolSize(4).build());
    }

    /** Runs a statement on it past the stores. */
    void execute(String sql);

    @Override
    void close();
}
