package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryStepRecord;

/** Something that was done without the backend and is to be brought to it. */
public sealed interface Delivery {
    /**
     * Tells the kinds apart.
     *
     * @param cases what to do for each
     */
    void match(Cases cases);

    /**
     * The recovery's record.
     *
     * @param now as it stands
     * @param first whether the backend has not seen it before
     */
    record Record(RecoveryRecord now, boolean first) implements Delivery {
        /**
         * What is registered first: only what was under way can be ended, and be completed later by who ended it.
         *
         * @return the record as if it were under way
         */
        public RecoveryRecord underWay() {
            return now.toBuilder().endedAt(null).version(0).build();
        }

        @Override
        public void match(Cases cases) {
            cases.record(this);
        }
    }

    /**
     * A change of a fence.
     *
     * @param fence as it is then
     * @param added whether it is new
     */
    record FenceChange(Fence fence, boolean added) implements Delivery {
        @Override
        public void match(Cases cases) {
            cases.fence(this);
        }
    }

    /**
     * A fence that is in the backend now is to be enforced.
     *
     * @param fence which
     */
    record Enforce(Fence fence) implements Delivery {
        @Override
        public void match(Cases cases) {
            cases.enforce(this);
        }
    }

    /**
     * A step of the recovery.
     *
     * @param row its latest state
     */
    record Step(RecoveryStepRecord row) implements Delivery {
        @Override
        public void match(Cases cases) {
            cases.step(this);
        }
    }

    /** What to do for each kind. */
    interface Cases {
        /**
         * For {@link Record}.
         *
         * @param it what is brought
         */
        void record(Record it);

        /**
         * For {@link FenceChange}.
         *
         * @param it what is brought
         */
        void fence(FenceChange it);

        /**
         * For {@link Enforce}.
         *
         * @param it what is to be done
         */
        void enforce(Enforce it);

        /**
         * For {@link Step}.
         *
         * @param it what is brought
         */
        void step(Step it);
    }
}
