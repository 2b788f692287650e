package dev.orchestrator.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Leadership among the nodes that share a backend: a lease by the backend's clock, with an epoch that grows at every
 * change. Thread-safe; no method but {@link #seize()}, {@link #resign()}, {@link #vacate()} and {@link #leader()} blocks.
 */
public interface LeaderElection extends AutoCloseable {
    /** Whether this node leads. */
    enum Standing {
        /** It leads: the lease cannot have run out by this process's monotonic clock. */
        LEADING,
        /** Somebody else leads, or nobody. */
        NOT_LEADING,
        /** The backend cannot be asked and the lease has run out: never act. */
        UNKNOWN
    }

    /**
     * Whether this node leads, by what is known without asking.
     *
     * @return the standing at this moment
     */
    Standing standing();

    /**
     * The epoch of this node's leadership.
     *
     * @return empty unless it leads
     */
    OptionalLong epoch();

    /**
     * How long this node's leadership is certain to last without another renewal.
     *
     * @return zero unless it leads
     */
    Duration certainFor();

    /**
     * Who leads, as the backend has it.
     *
     * @return empty when nobody does
     * @throws OrchestratorException when the backend does not answer
     */
    Optional<Leader> leader();

    /**
     * Takes leadership whoever has it. Taken from a leader that lives, it counts as {@link Standing#LEADING} only after
     * one lease time: until then the former leader may not know of it and still act.
     *
     * @throws OrchestratorException when the backend does not answer
     */
    void seize();

    /** Gives leadership up, if this node has it, and lets others take it for one lease time. */
    void resign();

    /**
     * Ends the present tenure, whoever has it, so that the nodes elect anew, as soon as the former leader is certain not
     * to act any more: at once when it is this node, else within one lease time.
     *
     * @throws OrchestratorException when the backend does not answer
     */
    void vacate();

    /**
     * Adds a listener. It may be told late.
     *
     * @param listener told of gains and losses on a thread of the election
     */
    void addListener(Listener listener);

    /** Stops standing for election, giving leadership up if this node has it. */
    @Override
    void close();

    /** Told when this node gains or loses leadership. */
    interface Listener {
        /**
         * This node leads.
         *
         * @param epoch the new epoch
         */
        void gained(long epoch);

        /**
         * This node does not lead any more.
         *
         * @param epoch the epoch that is over
         */
        void lost(long epoch);
    }

    /**
     * The leader as the backend has it.
     *
     * @param node its name
     * @param token the tenure's random text
     * @param epoch the tenure's number
     * @param since when the tenure began
     * @param renewedAt when it was last renewed
     */
    record Leader(String node, String token, long epoch, Instant since, Instant renewedAt) {}
}
