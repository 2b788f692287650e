package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.engine.internal.core.analysis.FailureAnalyzer;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import java.util.Optional;
import java.util.Set;

/** Something that happened to detection. */
public sealed interface DetectionEvent {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

    /**
     * When it happened.
     *
     * @return by both clocks
     */
    Moment at();

    /**
     * Clusters have changed.
     *
     * @param clusters which
     */
    record Changed(Set<ClusterId> clusters, Moment at) implements DetectionEvent {
        /** Copies the set. */
        public Changed {
            clusters = Set.copyOf(clusters);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.changed(this);
        }
    }

    /**
     * A cluster was looked at.
     *
     * @param effect what was wanted
     * @param question all that is known
     * @param leads whether this node may act
     */
    record Looked(DetectionEffect.Look effect, FailureAnalyzer.Question question, boolean leads, Moment at)
            implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.looked(this);
        }
    }

    /**
     * Something that was wanted is on its way, or done when nobody waits for it.
     *
     * @param effect what
     */
    record Begun(DetectionEffect effect, Moment at) implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.begun(this);
        }
    }

    /**
     * A replica was read.
     *
     * @param effect what was wanted
     * @param channel its main channel; empty when it does not answer or has none
     */
    record Probed(DetectionEffect.Probe effect, Optional<ReplicationChannel> channel, Moment at)
            implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.probed(this);
        }
    }

    /**
     * Replicas were polled.
     *
     * @param effect what was wanted
     */
    record Refreshed(DetectionEffect.Refresh effect, Moment at) implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.refreshed(this);
        }
    }

    /**
     * The restart of a receiver has ended.
     *
     * @param effect what was wanted
     * @param answer how
     * @param words what went wrong, empty when nothing did
     * @param untilNanos the ticker reading up to which it was allowed
     */
    record Restarted(DetectionEffect.Restart effect, Answer answer, String words, long untilNanos, Moment at)
            implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.restarted(this);
        }
    }

    /**
     * The start of a receiver has ended.
     *
     * @param effect what was wanted
     * @param answer how
     * @param words what went wrong, empty when nothing did
     */
    record StartedAgain(DetectionEffect.StartAgain effect, Answer answer, String words, Moment at)
            implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.startedAgain(this);
        }
    }

    /**
     * Something that was wanted came to nothing.
     *
     * @param effect what
     * @param words why, for people
     */
    record Failed(DetectionEffect effect, String words, Moment at) implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.failed(this);
        }
    }

    /** Time has gone by. */
    record Woke(Moment at) implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.woke(this);
        }
    }

    /** The engine closes: nothing new is begun. */
    record Closed(Moment at) implements DetectionEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.closed(this);
        }
    }

    /** How a command to a receiver ended. */
    enum Answer {
        /** It was done. */
        DONE,
        /** It was not sent, or had no effect. */
        NOT_DONE,
        /** The guard on the server refused it: nothing was done. */
        HELD_BACK,
        /** It failed or was not answered: a part of it may have been done. */
        FAILED
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Changed}.
         *
         * @param it the value
         * @return the answer
         */
        T changed(Changed it);

        /**
         * The answer for {@link Looked}.
         *
         * @param it the value
         * @return the answer
         */
        T looked(Looked it);

        /**
         * The answer for {@link Begun}.
         *
         * @param it the value
         * @return the answer
         */
        T begun(Begun it);

        /**
         * The answer for {@link Probed}.
         *
         * @param it the value
         * @return the answer
         */
        T probed(Probed it);

        /**
         * The answer for {@link Refreshed}.
         *
         * @param it the value
         * @return the answer
         */
        T refreshed(Refreshed it);

        /**
         * The answer for {@link Restarted}.
         *
         * @param it the value
         * @return the answer
         */
        T restarted(Restarted it);

        /**
         * The answer for {@link StartedAgain}.
         *
         * @param it the value
         * @return the answer
         */
        T startedAgain(StartedAgain it);

        /**
         * The answer for {@link Failed}.
         *
         * @param it the value
         * @return the answer
         */
        T failed(Failed it);

        /**
         * The answer for {@link Woke}.
         *
         * @param it the value
         * @return the answer
         */
        T woke(Woke it);

        /**
         * The answer for {@link Closed}.
         *
         * @param it the value
         * @return the answer
         */
        T closed(Closed it);
    }
}
