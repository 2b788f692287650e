package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;

/** Something that happened to a procedure. */
public sealed interface Event {
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
     * A command is on its way.
     *
     * @param run the effect that is carried out
     */
    record StepBegun(Effect.Run run, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.stepBegun(this);
        }
    }

    /**
     * A command has ended.
     *
     * @param run the effect that was carried out
     * @param result how
     */
    record StepEnded(Effect.Run run, StepResult result, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.stepEnded(this);
        }
    }

    /**
     * A reading has begun.
     *
     * @param server of whom
     */
    record ReadBegun(InstanceKey server, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.readBegun(this);
        }
    }

    /**
     * A reading has ended.
     *
     * @param server who was asked
     * @param member what it brought: facts, or a failure
     * @param begunNanos the ticker reading before which it did not begin
     */
    record ReadEnded(InstanceKey server, FleetMember member, long begunNanos, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.readEnded(this);
        }
    }

    /**
     * The record is being written.
     *
     * @param version which state of it
     */
    record SaveBegun(int version, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.saveBegun(this);
        }
    }

    /**
     * The writing of the record has ended.
     *
     * @param version which state of it
     * @param outcome how
     * @param words what went wrong, empty when nothing did
     */
    record SaveEnded(int version, Saving outcome, String words, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.saveEnded(this);
        }
    }

    /**
     * Others were told.
     *
     * @param what of what
     */
    record Told(Announcement what, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.told(this);
        }
    }

    /**
     * The procedure decided something.
     *
     * @param fact what
     */
    record Decided(Fact fact, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.decided(this);
        }
    }

    /** Time has gone by. */
    record Woke(Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.woke(this);
        }
    }

    /**
     * Somebody wants it to stop.
     *
     * @param why who and why, for people
     */
    record StopAsked(String why, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.stopAsked(this);
        }
    }

    /**
     * The right to act is gone.
     *
     * @param why for people
     */
    record RightLost(String why, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.rightLost(this);
        }
    }

    /**
     * The procedure has ended.
     *
     * @param end how
     */
    record Ended(Effect.End end, Moment at) implements Event {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.ended(this);
        }
    }

    /** What came of writing the record. */
    enum Saving {
        /** It is in the backend. */
        WRITTEN,
        /** The backend refused it: the right is gone, or somebody else has ended the recovery. */
        REFUSED,
        /** No answer: it may be there or not, and may come later. */
        UNKNOWN
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link StepBegun}.
         *
         * @param it the value
         * @return the answer
         */
        T stepBegun(StepBegun it);

        /**
         * The answer for {@link StepEnded}.
         *
         * @param it the value
         * @return the answer
         */
        T stepEnded(StepEnded it);

        /**
         * The answer for {@link ReadBegun}.
         *
         * @param it the value
         * @return the answer
         */
        T readBegun(ReadBegun it);

        /**
         * The answer for {@link ReadEnded}.
         *
         * @param it the value
         * @return the answer
         */
        T readEnded(ReadEnded it);

        /**
         * The answer for {@link SaveBegun}.
         *
         * @param it the value
         * @return the answer
         */
        T saveBegun(SaveBegun it);

        /**
         * The answer for {@link SaveEnded}.
         *
         * @param it the value
         * @return the answer
         */
        T saveEnded(SaveEnded it);

        /**
         * The answer for {@link Told}.
         *
         * @param it the value
         * @return the answer
         */
        T told(Told it);

        /**
         * The answer for {@link Decided}.
         *
         * @param it the value
         * @return the answer
         */
        T decided(Decided it);

        /**
         * The answer for {@link Woke}.
         *
         * @param it the value
         * @return the answer
         */
        T woke(Woke it);

        /**
         * The answer for {@link StopAsked}.
         *
         * @param it the value
         * @return the answer
         */
        T stopAsked(StopAsked it);

        /**
         * The answer for {@link RightLost}.
         *
         * @param it the value
         * @return the answer
         */
        T rightLost(RightLost it);

        /**
         * The answer for {@link Ended}.
         *
         * @param it the value
         * @return the answer
         */
        T ended(Ended it);
    }
}
