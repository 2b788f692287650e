package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Instance;

/** What a procedure has others told. */
public sealed interface Announcement {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to answer for each
     * @param <T> what is answered
     * @return the answer for this one
     */
    <T> T match(Cases<T> cases);

    /**
     * A new primary is writable: listeners, publishers and the backend's own home are told before the others follow it.
     * So is a former one that takes writes again after its successor was told.
     *
     * @param primary the new primary as it was read last, and as its commands have made it since
     */
    record Promoted(Instance primary) implements Announcement {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.promoted(this);
        }
    }

    /**
     * A fence that is written down is to be carried out from now on.
     *
     * @param fence the fence
     */
    record Fenced(Fence fence) implements Announcement {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.fenced(this);
        }
    }

    /**
     * A fence ends: nobody was promoted, or an operator wants it so.
     *
     * @param fence the fence
     * @param why for people
     */
    record Lifted(Fence fence, String why) implements Announcement {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.lifted(this);
        }
    }

    /**
     * A former primary was compared with its successor.
     *
     * @param fence the fence that stands on it
     * @param clean whether it holds nothing alone
     * @param words the finding, for people
     */
    record Compared(Fence fence, boolean clean, String words) implements Announcement {
        @Override
        public <T> T match(Cases<T> cases) {
            return cases.compared(this);
        }
    }

    /**
     * One answer for each kind: a kind that is added does not compile before everybody has one for it.
     *
     * @param <T> what is answered
     */
    interface Cases<T> {
        /**
         * The answer for {@link Promoted}.
         *
         * @param it the value
         * @return the answer
         */
        T promoted(Promoted it);

        /**
         * The answer for {@link Fenced}.
         *
         * @param it the value
         * @return the answer
         */
        T fenced(Fenced it);

        /**
         * The answer for {@link Lifted}.
         *
         * @param it the value
         * @return the answer
         */
        T lifted(Lifted it);

        /**
         * The answer for {@link Compared}.
         *
         * @param it the value
         * @return the answer
         */
        T compared(Compared it);
    }
}
