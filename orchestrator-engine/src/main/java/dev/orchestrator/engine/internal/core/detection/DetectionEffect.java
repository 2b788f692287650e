package dev.orchestrator.engine.internal.core.detection;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.analysis.FailureAnalysis;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.analysis.ReceiverTest;
import dev.orchestrator.engine.internal.core.procedure.LivingEffect;
import dev.orchestrator.engine.internal.core.procedure.Severity;
import java.time.Duration;
import java.util.List;

/** Something that detection wants done. */
public sealed interface DetectionEffect extends LivingEffect {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

    @Override
    default boolean mayTakeLong() {
        return false;
    }

    /**
     * A cluster is looked at, with all that is known at that moment.
     *
     * @param cluster which
     */
    record Look(ClusterId cluster) implements DetectionEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.look(this);
        }
    }

    /**
     * A replica is read, beside the snapshot.
     *
     * @param source the source in doubt
     * @param replica its replica
     * @param patience how long it may take
     */
    record Probe(InstanceKey source, InstanceKey replica, Duration patience) implements DetectionEffect {
        @Override
        public boolean mayTakeLong() {
            return true;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.probe(this);
        }
    }

    /**
     * Replicas are polled, so that the snapshot shows how they are.
     *
     * @param source the source in doubt
     * @param replicas its replicas
     * @param patience how long it may take
     */
    record Refresh(InstanceKey source, List<InstanceKey> replicas, Duration patience) implements DetectionEffect {
        /** Copies the list. */
        public Refresh {
            replicas = List.copyOf(replicas);
        }

        @Override
        public boolean mayTakeLong() {
            return true;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.refresh(this);
        }
    }

    /**
     * The receiver of a replica is restarted, under the lease.
     *
     * @param source the source in doubt
     * @param replica its replica
     * @param serverUuid the identity that the replica must have
     * @param channel the channel
     * @param patience how long it may take
     */
    record Restart(InstanceKey source, InstanceKey replica, String serverUuid, String channel, Duration patience)
            implements DetectionEffect {
        @Override
        public boolean mayTakeLong() {
            return true;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.restart(this);
        }
    }

    /**
     * The receiver of a replica is started after a restart that may have come as far as the stop.
     *
     * @param source the source in doubt
     * @param replica its replica
     * @param serverUuid the identity that the replica must have
     * @param channel the channel
     * @param untilNanos the ticker reading after which it must not be done: the end of the lease of the restart
     * @param patience how long it may take
     */
    record StartAgain(
            InstanceKey source,
            InstanceKey replica,
            String serverUuid,
            String channel,
            long untilNanos,
            Duration patience)
            implements DetectionEffect {
        @Override
        public boolean mayTakeLong() {
            return true;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.startAgain(this);
        }
    }

    /**
     * What a test brought is kept as history.
     *
     * @param test the test
     */
    record Testify(ReceiverTest test) implements DetectionEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.testify(this);
        }
    }

    /**
     * What was done or not done about a doubt is kept as evidence.
     *
     * @param source the source in doubt
     * @param text for people
     */
    record Remark(InstanceKey source, String text) implements DetectionEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.remark(this);
        }
    }

    /**
     * A server and its replicas are to be polled at once and often.
     *
     * @param server the server
     * @param sign what was felt, for people
     */
    record Suspect(InstanceKey server, String sign) implements DetectionEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.suspect(this);
        }
    }

    /**
     * A finding has changed.
     *
     * @param finding the finding
     * @param before what was told of the server before
     */
    record Tell(FailureAnalysis finding, AnalysisCode before) implements DetectionEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.tell(this);
        }
    }

    /**
     * Findings that can be acted upon are handed on.
     *
     * @param findings the findings
     */
    record HandOn(List<FailureAnalysis> findings) implements DetectionEffect {
        /** Copies the list. */
        public HandOn {
            findings = List.copyOf(findings);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.handOn(this);
        }
    }

    /**
     * What was done to a replica is written into the audit.
     *
     * @param replica the replica
     * @param cluster the name of its cluster
     * @param message what was done
     */
    record Audit(InstanceKey replica, String cluster, String message) implements DetectionEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.audit(this);
        }
    }

    /**
     * A line in the log.
     *
     * @param severity how bad it is
     * @param cluster the cluster
     * @param server the server
     * @param message what there is to know
     * @param facts what was seen, empty for nothing
     */
    record Note(Severity severity, ClusterId cluster, InstanceKey server, String message, String facts)
            implements DetectionEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.note(this);
        }
    }

    /**
     * Time is to go by.
     *
     * @param in after which time it is to be asked again at the latest
     */
    record Wake(Duration in) implements DetectionEffect {
        @Override
        public Duration pause() {
            return in;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.wake(this);
        }
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Look}.
         *
         * @param it the value
         * @return the answer
         */
        T look(Look it);

        /**
         * The answer for {@link Probe}.
         *
         * @param it the value
         * @return the answer
         */
        T probe(Probe it);

        /**
         * The answer for {@link Refresh}.
         *
         * @param it the value
         * @return the answer
         */
        T refresh(Refresh it);

        /**
         * The answer for {@link Restart}.
         *
         * @param it the value
         * @return the answer
         */
        T restart(Restart it);

        /**
         * The answer for {@link StartAgain}.
         *
         * @param it the value
         * @return the answer
         */
        T startAgain(StartAgain it);

        /**
         * The answer for {@link Testify}.
         *
         * @param it the value
         * @return the answer
         */
        T testify(Testify it);

        /**
         * The answer for {@link Remark}.
         *
         * @param it the value
         * @return the answer
         */
        T remark(Remark it);

        /**
         * The answer for {@link Suspect}.
         *
         * @param it the value
         * @return the answer
         */
        T suspect(Suspect it);

        /**
         * The answer for {@link Tell}.
         *
         * @param it the value
         * @return the answer
         */
        T tell(Tell it);

        /**
         * The answer for {@link HandOn}.
         *
         * @param it the value
         * @return the answer
         */
        T handOn(HandOn it);

        /**
         * The answer for {@link Audit}.
         *
         * @param it the value
         * @return the answer
         */
        T audit(Audit it);

        /**
         * The answer for {@link Note}.
         *
         * @param it the value
         * @return the answer
         */
        T note(Note it);

        /**
         * The answer for {@link Wake}.
         *
         * @param it the value
         * @return the answer
         */
        T wake(Wake it);
    }
}
