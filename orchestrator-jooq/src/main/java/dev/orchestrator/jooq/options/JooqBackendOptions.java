package dev.orchestrator.jooq.options;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** How a backend is used, wherever it is. Immutable. */
public final class JooqBackendOptions {
    private final Mode mode;
    private final int poolSize;
    private final Duration connectTimeout;
    private final Duration answerTimeout;
    private final Duration connectionWait;
    private final Duration busyTimeout;
    private final Schema schema;
    private final boolean durable;

    /** How connections are kept. */
    public enum Mode {
        /** A pool, for services. */
        POOLED,
        /** One connection and no pool, for one-shot commands: threads take turns. */
        SINGLE
    }

    /** What is done about the schema when the backend is opened. */
    public enum Schema {
        /** Created when it is missing, brought up to date when it is older; a newer one is used as it is. */
        MIGRATE,
        /** Refused when it is missing or older, for accounts that must not create tables. */
        REQUIRE
    }

    private JooqBackendOptions(Builder b) {
        this.mode = b.mode;
        this.poolSize = b.poolSize;
        this.connectTimeout = b.connectTimeout;
        this.answerTimeout = b.answerTimeout;
        this.connectionWait = b.connectionWait;
        this.busyTimeout = b.busyTimeout;
        this.schema = b.schema;
        this.durable = b.durable;
    }

    /**
     * What a service wants.
     *
     * @return a pool and the defaults
     */
    public static JooqBackendOptions forService() {
        return builder().build();
    }

    /**
     * What a one-shot command wants.
     *
     * @return one connection and the defaults
     */
    public static JooqBackendOptions forCommand() {
        return builder().mode(Mode.SINGLE).build();
    }

    /**
     * Starts with the defaults of a service.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts from this one.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return new Builder()
                .mode(mode)
                .poolSize(poolSize)
                .connectTimeout(connectTimeout)
                .answerTimeout(answerTimeout)
                .connectionWait(connectionWait)
                .busyTimeout(busyTimeout)
                .schema(schema)
                .durable(durable);
    }

    /**
     * How connections are kept.
     *
     * @return the mode
     */
    public Mode mode() {
        return mode;
    }

    /**
     * How many connections the pool has at most.
     *
     * @return at least 1
     */
    public int poolSize() {
        return poolSize;
    }

    /**
     * How long a new connection may take.
     *
     * @return the limit
     */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /**
     * How long a MySQL backend may be silent before a statement is given up.
     *
     * @return the limit
     */
    public Duration answerTimeout() {
        return answerTimeout;
    }

    /**
     * How long a caller waits for a free connection, or for one that works.
     *
     * @return the limit
     */
    public Duration connectionWait() {
        return connectionWait;
    }

    /**
     * How long a statement waits for another process that writes the SQLite file.
     *
     * @return the limit
     */
    public Duration busyTimeout() {
        return busyTimeout;
    }

    /**
     * What is done about the schema.
     *
     * @return the choice
     */
    public Schema schema() {
        return schema;
    }

    /**
     * Whether each write to an SQLite file is flushed to the disk; if not, a crash of the machine (not of the process)
     * may lose the last ones.
     *
     * @return true when it is flushed
     */
    public boolean durable() {
        return durable;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private Mode mode = Mode.POOLED;
        private int poolSize = 10;
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration answerTimeout = Duration.ofSeconds(10);
        private Duration connectionWait = Duration.ofSeconds(2);
        private Duration busyTimeout = Duration.ofSeconds(5);
        private Schema schema = Schema.MIGRATE;
        private boolean durable = true;

        private Builder() {}

        /**
         * Sets {@link JooqBackendOptions#mode()}.
         *
         * @param value a pool unless set
         * @return this
         */
        public Builder mode(Mode value) {
            this.mode = requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets {@link JooqBackendOptions#poolSize()}.
         *
         * @param value 10 unless set
         * @return this
         */
        public Builder poolSize(int value) {
            this.poolSize = value;
            return this;
        }

        /**
         * Sets {@link JooqBackendOptions#connectTimeout()}.
         *
         * @param value 2 s unless set
         * @return this
         */
        public Builder connectTimeout(Duration value) {
            this.connectTimeout = requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets {@link JooqBackendOptions#answerTimeout()}.
         *
         * @param value 10 s unless set
         * @return this
         */
        public Builder answerTimeout(Duration value) {
            this.answerTimeout = requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets {@link JooqBackendOptions#connectionWait()}.
         *
         * @param value 2 s unless set
         * @return this
         */
        public Builder connectionWait(Duration value) {
            this.connectionWait = requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets {@link JooqBackendOptions#busyTimeout()}.
         *
         * @param value 5 s unless set
         * @return this
         */
        public Builder busyTimeout(Duration value) {
            this.busyTimeout = requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets {@link JooqBackendOptions#schema()}.
         *
         * @param value {@code MIGRATE} unless set
         * @return this
         */
        public Builder schema(Schema value) {
            this.schema = requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets {@link JooqBackendOptions#durable()}.
         *
         * @param value true unless set
         * @return this
         */
        public Builder durable(boolean value) {
            this.durable = value;
            return this;
        }

        /**
         * Finishes.
         *
         * @return the options
         * @throws IllegalArgumentException when one of them makes no sense
         */
        public JooqBackendOptions build() {
            if (poolSize < 1 || poolSize > 1000) {
                throw new IllegalArgumentException("pool size is not between 1 and 1000: " + poolSize);
            }
            requireMilliseconds("connect timeout", connectTimeout);
            requireMilliseconds("answer timeout", answerTimeout);
            requireMilliseconds("connection wait", connectionWait);
            requireMilliseconds("busy timeout", busyTimeout);
            return new JooqBackendOptions(this);
        }

        private static void requireMilliseconds(String what, Duration value) {
            if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(what + " is not between 1 ms and 24 days: " + value);
            }
        }
    }
}
