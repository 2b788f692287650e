package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.PlanStep;
import dev.orchestrator.api.recovery.RecoveryRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something a procedure wants done. The runner does it and tells the procedure what came of it. */
public sealed interface Effect {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

    /**
     * A command to a server.
     *
     * @param id which step it is
     * @param step the command
     * @param words what it is for, for people; the command's own words when empty
     */
    record Run(StepId id, PlanStep step, String words) implements Effect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.run(this);
        }

        /**
         * What is done, for people.
         *
         * @return a short sentence
         */
        public String describe() {
            return words.isEmpty() ? step.command().describe() : words;
        }
    }

    /**
     * A reading of a server that begins now.
     *
     * @param server the server
     * @param patience how long it may take
     */
    record Read(InstanceKey server, Duration patience) implements Effect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.read(this);
        }
    }

    /**
     * The record is written, with the fences that belong to it, and the procedure waits for it.
     *
     * @param record what is written
     * @param version the number of this state of the record
     * @param fences fences to be written under this recovery
     * @param released the identity of a server that is freed from the fences of its past with it, empty for none
     */
    record Save(RecoveryRecord record, int version, List<Fence> fences, String released) implements Effect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.save(this);
        }

        /** Copies the fences. */
        public Save {
            fences = List.copyOf(fences);
        }

        /**
         * Only the record.
         *
         * @param record what is written
         * @param version the number of this state of the record
         */
        public Save(RecoveryRecord record, int version) {
            this(record, version, List.of(), "");
        }
    }

    /**
     * Something is decided: folded at once, nothing is done outside.
     *
     * @param fact what was decided
     * @param notes what people are told of it
     */
    record Decide(Fact fact, List<Note> notes) implements Effect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.decide(this);
        }

        /** Copies the notes. */
        public Decide {
            notes = List.copyOf(notes);
        }

        /**
         * A decision that people are told nothing of.
         *
         * @param fact what was decided
         */
        public Decide(Fact fact) {
            this(fact, List.of());
        }

        /**
         * A decision that people are told of in one sentence.
         *
         * @param fact what was decided
         * @param phase the phase it belongs to
         * @param server the server it is about, null for none
         * @param text the finding
         */
        public Decide(Fact fact, String phase, @Nullable InstanceKey server, String text) {
            this(fact, List.of(new Note(phase, server, text)));
        }
    }

    /**
     * Others are told or called, once; the procedure does not wait for it.
     *
     * @param what whom and why
     */
    record Tell(Announcement what) implements Effect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.tell(this);
        }
    }

    /**
     * The procedure wants to be asked again.
     *
     * @param in after which time at the latest
     */
    record Wake(Duration in) implements Effect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.wake(this);
        }
    }

    /**
     * The procedure is at its end.
     *
     * @param end how
     */
    record Finish(End end) implements Effect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.finish(this);
        }
    }

    /**
     * What of all that is wanted is carried out now: a decision changes what the rest was wanted for, so it goes alone.
     *
     * @param wanted what a procedure wants
     * @return the first decision, or all when there is none
     */
    static List<Effect> decisionFirst(List<Effect> wanted) {
        for (Effect effect : wanted) {
            if (effect instanceof Decide) {
                return List.of(effect);
            }
        }
        return wanted;
    }

    /**
     * What people read of a decision.
     *
     * @param phase the phase it belongs to
     * @param server the server it is about, null for none
     * @param text the finding
     */
    record Note(String phase, @Nullable InstanceKey server, String text) {}

    /** How a procedure ends. */
    enum End {
        /** It has reached its aim. */
        SUCCEEDED,
        /** It was given up; what it had changed was put back as far as it could be. */
        GIVEN_UP,
        /** The right to act is gone: whoever has it now goes on from the record. */
        ABANDONED
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Run}.
         *
         * @param it the value
         * @return the answer
         */
        T run(Run it);

        /**
         * The answer for {@link Read}.
         *
         * @param it the value
         * @return the answer
         */
        T read(Read it);

        /**
         * The answer for {@link Save}.
         *
         * @param it the value
         * @return the answer
         */
        T save(Save it);

        /**
         * The answer for {@link Decide}.
         *
         * @param it the value
         * @return the answer
         */
        T decide(Decide it);

        /**
         * The answer for {@link Tell}.
         *
         * @param it the value
         * @return the answer
         */
        T tell(Tell it);

        /**
         * The answer for {@link Wake}.
         *
         * @param it the value
         * @return the answer
         */
        T wake(Wake it);

        /**
         * The answer for {@link Finish}.
         *
         * @param it the value
         * @return the answer
         */
        T finish(Finish it);
    }
}
