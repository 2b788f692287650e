package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.candidate.Choice;

/** Something that a procedure has decided or found, and remembers. */
public sealed interface Fact {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

    /**
     * Who is to take over.
     *
     * @param choice the choice with its reasons
     */
    record Chosen(Choice choice) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.chosen(this);
        }
    }

    /**
     * From whom others are to replicate.
     *
     * @param source the server
     */
    record Source(InstanceKey source) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.source(this);
        }
    }

    /**
     * A server that cannot take over after all, and is not writable; the choice is made anew.
     *
     * @param server the server
     * @param why the reason
     * @param banned whether it must not be chosen again
     */
    record Rejected(InstanceKey server, String why, boolean banned) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.rejected(this);
        }
    }

    /**
     * The named successor is dead, and may have been writable before: it stands in the place of the primary it replaced.
     *
     * @param server the successor
     * @param why what was seen
     * @param record the record that names nobody any more
     */
    record Fallen(InstanceKey server, String why, RecoveryRecord record) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.fallen(this);
        }
    }

    /**
     * What was written before a living primary stopped taking writes.
     *
     * @param gtids all it has executed
     */
    record Written(GtidSet gtids) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.written(this);
        }
    }

    /**
     * A phase, or its part for one server, is over though nothing remains to be seen of it.
     *
     * @param phase its name
     * @param problem what went wrong in it, empty when nothing did
     */
    record Passed(String phase, String problem) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.passed(this);
        }

        /**
         * Nothing went wrong.
         *
         * @param phase its name
         */
        public Passed(String phase) {
            this(phase, "");
        }
    }

    /**
     * How far a server had come when it was last looked at.
     *
     * @param server the server
     * @param executed what it had executed
     */
    record Progress(InstanceKey server, GtidSet executed) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.progress(this);
        }
    }

    /**
     * The new primary takes writes: its commands have worked.
     *
     * @param primary as it was read last, and as its commands have made it since
     * @param record the record with what is known at this moment
     */
    record Promoted(Instance primary, RecoveryRecord record) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.promoted(this);
        }
    }

    /**
     * What became of one server.
     *
     * @param server the server
     * @param why why it is not as it should be, empty when it is
     * @param problem the same as a sentence of its own, empty when it is as it should be
     */
    record Settled(InstanceKey server, String why, String problem) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.settled(this);
        }
    }

    /**
     * The record says more.
     *
     * @param record its new state
     * @param passed the phase that is over with it, empty for none
     */
    record Recorded(RecoveryRecord record, String passed) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.recorded(this);
        }
    }

    /**
     * The aim is given up, and nobody is named as successor any more; what was changed is put back.
     *
     * @param why the reason
     */
    record GivenUp(String why) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.givenUp(this);
        }
    }

    /**
     * The aim is given up, and nothing is put back either: somebody else has made another primary meanwhile. Whom the
     * record names it goes on naming, so that the fence on the server it replaces stands.
     *
     * @param why what is seen
     */
    record Overtaken(String why) implements Fact {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.overtaken(this);
        }
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Chosen}.
         *
         * @param it the value
         * @return the answer
         */
        T chosen(Chosen it);

        /**
         * The answer for {@link Source}.
         *
         * @param it the value
         * @return the answer
         */
        T source(Source it);

        /**
         * The answer for {@link Rejected}.
         *
         * @param it the value
         * @return the answer
         */
        T rejected(Rejected it);

        /**
         * The answer for {@link Fallen}.
         *
         * @param it the value
         * @return the answer
         */
        T fallen(Fallen it);

        /**
         * The answer for {@link Written}.
         *
         * @param it the value
         * @return the answer
         */
        T written(Written it);

        /**
         * The answer for {@link Passed}.
         *
         * @param it the value
         * @return the answer
         */
        T passed(Passed it);

        /**
         * The answer for {@link Progress}.
         *
         * @param it the value
         * @return the answer
         */
        T progress(Progress it);

        /**
         * The answer for {@link Promoted}.
         *
         * @param it the value
         * @return the answer
         */
        T promoted(Promoted it);

        /**
         * The answer for {@link Settled}.
         *
         * @param it the value
         * @return the answer
         */
        T settled(Settled it);

        /**
         * The answer for {@link Recorded}.
         *
         * @param it the value
         * @return the answer
         */
        T recorded(Recorded it);

        /**
         * The answer for {@link GivenUp}.
         *
         * @param it the value
         * @return the answer
         */
        T givenUp(GivenUp it);

        /**
         * The answer for {@link Overtaken}.
         *
         * @param it the value
         * @return the answer
         */
        T overtaken(Overtaken it);
    }
}
