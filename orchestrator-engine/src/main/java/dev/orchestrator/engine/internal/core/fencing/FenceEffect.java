package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.LivingEffect;
import dev.orchestrator.engine.internal.core.procedure.Severity;
import dev.orchestrator.engine.internal.core.record.DataLoss;
import java.time.Duration;

/** Something that carrying out a fence wants done. */
public sealed interface FenceEffect extends LivingEffect {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

    /**
     * Whether what comes of it is awaited, and nothing of its kind wanted meanwhile.
     *
     * @return false when it is done once and forgotten
     */
    default boolean isAwaited() {
        return true;
    }

    @Override
    default boolean mayTakeLong() {
        return true;
    }

    /**
     * A command to the fenced server.
     *
     * @param command the command
     * @param patience how long it may take
     */
    record Send(InstanceCommand command, Duration patience) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.send(this);
        }
    }

    /**
     * The fenced server and the primary of its cluster are read.
     *
     * @param patience how long it may take
     */
    record Read(Duration patience) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.read(this);
        }
    }

    /** The backend is asked which fences stand. */
    record Check() implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.check(this);
        }
    }

    /**
     * How far the fence has come is written.
     *
     * @param fence the fence
     * @param state its new state
     * @param note what was found, for people
     */
    record Save(Fence fence, FenceState state, String note) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.save(this);
        }
    }

    /**
     * The fence ends because the topology was rebuilt, if a reading under the locks of both servers shows it, too.
     *
     * @param view what was seen before
     */
    record End(FenceView view) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.end(this);
        }
    }

    /**
     * The record of the recovery is completed by what the former primary turned out to hold alone.
     *
     * @param fence the fence
     * @param losses what it holds alone
     * @param held what the primary holds
     */
    record Complete(Fence fence, DataLoss losses, GtidSet held) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.complete(this);
        }

        @Override
        public boolean isAwaited() {
            return false;
        }
    }

    /**
     * People are told why nothing is done about a dead server under a fence.
     *
     * @param fence the fence
     * @param fleet the snapshot that shows it dead
     * @param server the key it goes by now
     * @param lastWords why its fence did not end when it last answered
     */
    record Explain(Fence fence, Fleet fleet, InstanceKey server, String lastWords) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.explain(this);
        }

        @Override
        public boolean isAwaited() {
            return false;
        }
    }

    /**
     * People are told what was done, in the audit and the log.
     *
     * @param type the type of the audit entry
     * @param message what was done
     */
    record Tell(String type, String message) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.tell(this);
        }

        @Override
        public boolean isAwaited() {
            return false;
        }

        @Override
        public boolean mayTakeLong() {
            return false;
        }
    }

    /**
     * A line in the log.
     *
     * @param severity how bad it is
     * @param message what there is to know
     */
    record Note(Severity severity, String message) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.note(this);
        }

        @Override
        public boolean isAwaited() {
            return false;
        }

        @Override
        public boolean mayTakeLong() {
            return false;
        }
    }

    /**
     * Time is to go by.
     *
     * @param in after which time it is to be asked again at the latest
     */
    record Wake(Duration in) implements FenceEffect {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.wake(this);
        }

        @Override
        public boolean isAwaited() {
            return false;
        }

        @Override
        public boolean mayTakeLong() {
            return false;
        }

        @Override
        public Duration pause() {
            return in;
        }
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Send}.
         *
         * @param it the value
         * @return the answer
         */
        T send(Send it);

        /**
         * The answer for {@link Read}.
         *
         * @param it the value
         * @return the answer
         */
        T read(Read it);

        /**
         * The answer for {@link Check}.
         *
         * @param it the value
         * @return the answer
         */
        T check(Check it);

        /**
         * The answer for {@link Save}.
         *
         * @param it the value
         * @return the answer
         */
        T save(Save it);

        /**
         * The answer for {@link End}.
         *
         * @param it the value
         * @return the answer
         */
        T end(End it);

        /**
         * The answer for {@link Complete}.
         *
         * @param it the value
         * @return the answer
         */
        T complete(Complete it);

        /**
         * The answer for {@link Explain}.
         *
         * @param it the value
         * @return the answer
         */
        T explain(Explain it);

        /**
         * The answer for {@link Tell}.
         *
         * @param it the value
         * @return the answer
         */
        T tell(Tell it);

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
