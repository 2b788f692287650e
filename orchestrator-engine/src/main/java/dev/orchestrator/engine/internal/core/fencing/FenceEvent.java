package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import java.util.List;
import java.util.Optional;

/** Something that happened to a fence. */
public sealed interface FenceEvent {
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
     * The recovery that wrote the fence wants it carried out.
     *
     * @param fence the fence as it was written
     */
    record Ordered(Fence fence, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.ordered(this);
        }
    }

    /**
     * A snapshot shows how things are while the fence stands; told now and then by the node that leads.
     *
     * @param view the fence and the snapshot
     */
    record Seen(FenceView view, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.seen(this);
        }
    }

    /**
     * The backend was asked which fences stand, for another reason than a request of this one.
     *
     * @param standing the fences that stand
     */
    record Standing(List<Fence> standing, Moment at) implements FenceEvent {
        /** Copies the list. */
        public Standing {
            standing = List.copyOf(standing);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.standing(this);
        }
    }

    /**
     * Something that was wanted is on its way, or done when nobody waits for it.
     *
     * @param effect what
     */
    record Begun(FenceEffect effect, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.begun(this);
        }
    }

    /**
     * The backend has said which fences stand.
     *
     * @param effect what was wanted
     * @param standing the fences that stand
     */
    record Checked(FenceEffect effect, List<Fence> standing, Moment at) implements FenceEvent {
        /** Copies the list. */
        public Checked {
            standing = List.copyOf(standing);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.checked(this);
        }
    }

    /**
     * A command has ended.
     *
     * @param effect the command
     * @param result how
     */
    record Sent(FenceEffect.Send effect, StepResult result, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.sent(this);
        }
    }

    /**
     * The fenced server and the primary were read.
     *
     * @param effect what was wanted
     * @param fleet a snapshot that holds both readings
     * @param primary whom it is compared with
     */
    record Read(FenceEffect effect, Fleet fleet, InstanceKey primary, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.read(this);
        }
    }

    /**
     * The backend has answered to a write.
     *
     * @param effect what was to be written
     * @param written false when the fence is lifted, is another recovery's, or the right has ended
     */
    record Saved(FenceEffect.Save effect, boolean written, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.saved(this);
        }
    }

    /**
     * It was tried to end the fence because the topology was rebuilt.
     *
     * @param effect what was wanted
     * @param note why it has ended, for people; empty when it has not
     */
    record EndTried(FenceEffect effect, Optional<String> note, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.endTried(this);
        }
    }

    /**
     * Something that was wanted came to nothing, or nobody knows what became of it.
     *
     * @param effect what
     * @param words why, for people
     */
    record Failed(FenceEffect effect, String words, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.failed(this);
        }
    }

    /**
     * The recovery that ordered the fence wants it lifted: it promoted nobody.
     *
     * @param why for people
     */
    record LiftAsked(String why, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.liftAsked(this);
        }
    }

    /** The server is about to be promoted: whoever does that frees it from its fence. */
    record Released(Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.released(this);
        }
    }

    /**
     * The right to act is gone.
     *
     * @param why for people
     */
    record RightLost(String why, Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.rightLost(this);
        }
    }

    /** Time has gone by. */
    record Woke(Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.woke(this);
        }
    }

    /** The engine closes: nothing new is begun but what is asked for from now on. */
    record Closed(Moment at) implements FenceEvent {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.closed(this);
        }
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Ordered}.
         *
         * @param it the value
         * @return the answer
         */
        T ordered(Ordered it);

        /**
         * The answer for {@link Seen}.
         *
         * @param it the value
         * @return the answer
         */
        T seen(Seen it);

        /**
         * The answer for {@link Standing}.
         *
         * @param it the value
         * @return the answer
         */
        T standing(Standing it);

        /**
         * The answer for {@link Begun}.
         *
         * @param it the value
         * @return the answer
         */
        T begun(Begun it);

        /**
         * The answer for {@link Checked}.
         *
         * @param it the value
         * @return the answer
         */
        T checked(Checked it);

        /**
         * The answer for {@link Sent}.
         *
         * @param it the value
         * @return the answer
         */
        T sent(Sent it);

        /**
         * The answer for {@link Read}.
         *
         * @param it the value
         * @return the answer
         */
        T read(Read it);

        /**
         * The answer for {@link Saved}.
         *
         * @param it the value
         * @return the answer
         */
        T saved(Saved it);

        /**
         * The answer for {@link EndTried}.
         *
         * @param it the value
         * @return the answer
         */
        T endTried(EndTried it);

        /**
         * The answer for {@link Failed}.
         *
         * @param it the value
         * @return the answer
         */
        T failed(Failed it);

        /**
         * The answer for {@link LiftAsked}.
         *
         * @param it the value
         * @return the answer
         */
        T liftAsked(LiftAsked it);

        /**
         * The answer for {@link Released}.
         *
         * @param it the value
         * @return the answer
         */
        T released(Released it);

        /**
         * The answer for {@link RightLost}.
         *
         * @param it the value
         * @return the answer
         */
        T rightLost(RightLost it);

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
