package dev.orchestrator.engine.internal.core.recovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.engine.internal.core.procedure.Event;
import dev.orchestrator.engine.internal.core.procedure.Fact;
import dev.orchestrator.engine.internal.core.procedure.Moment;
import dev.orchestrator.engine.internal.core.procedure.Procedure;
import dev.orchestrator.engine.internal.core.procedure.State;
import dev.orchestrator.engine.internal.core.procedure.Terms;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery or switchover is run by.
 *
 * @param record as it was registered, or as an interrupted one left it
 * @param procedure what is done
 * @param terms what it is told
 * @param fleet a snapshot of which its servers were just read
 * @param lastStep the number of the last step that is written already
 * @param interrupted why it cannot go forward, null when it can
 */
public record Undertaking(
        RecoveryRecord record,
        Procedure procedure,
        Terms terms,
        Fleet fleet,
        int lastStep,
        @Nullable String interrupted) {
    /**
     * One that begins.
     *
     * @param record as it was registered
     * @param procedure what is done
     * @param terms what it is told
     * @param fleet a snapshot of which its servers were just read
     * @return it
     */
    public static Undertaking of(RecoveryRecord record, Procedure procedure, Terms terms, Fleet fleet) {
        return new Undertaking(record, procedure, terms, fleet, 0, null);
    }

    /**
     * Where it begins.
     *
     * @param now the present
     * @return the first state; one that is given up already when it cannot go forward
     */
    public State begin(Moment now) {
        State state =
                terms.resumed() ? State.resumed(terms, fleet, record, now) : State.begin(terms, fleet, record, now);
        return interrupted == null ? state : state.fold(new Event.Decided(new Fact.GivenUp(interrupted), now));
    }
}
