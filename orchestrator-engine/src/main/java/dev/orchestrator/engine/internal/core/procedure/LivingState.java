package dev.orchestrator.engine.internal.core.procedure;

import java.util.List;

/**
 * A state machine that lives as long as what it watches over. A value: {@link #fold} yields the next one.
 *
 * @param <S> itself
 * @param <V> what happens to it
 * @param <F> what it wants
 */
public interface LivingState<S extends LivingState<S, V, F>, V, F extends LivingEffect> {
    /**
     * The state after something happened.
     *
     * @param event what happened
     * @return the next state
     */
    S fold(V event);

    /**
     * What is to be done now.
     *
     * @return effects to be carried out side by side; empty when nothing is to be done or an answer is awaited
     */
    List<F> next();

    /**
     * The event that time has gone by.
     *
     * @param now the present moment
     * @return the event
     */
    V woke(Moment now);

    /**
     * The event that something is on its way. Folded before it is carried out.
     *
     * @param effect what was wanted
     * @param now the present moment
     * @return the event
     */
    V begun(F effect, Moment now);

    /**
     * The event that something could not be carried out.
     *
     * @param effect what was wanted
     * @param why for people
     * @param now the present moment
     * @return the event
     */
    V failed(F effect, String why, Moment now);
}
