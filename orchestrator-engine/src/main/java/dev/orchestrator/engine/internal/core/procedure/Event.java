package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;

/** Something that happened to a procedure. */
public sealed interface Event {
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
    record StepBegun(Effect.Run run, Moment at) implements Event {}

    /**
     * A command has ended.
     *
     * @param run the effect that was carried out
     * @param result how
     */
    record StepEnded(Effect.Run run, StepResult result, Moment at) implements Event {}

    /**
     * A reading has begun.
     *
     * @param server of whom
     */
    record ReadBegun(InstanceKey server, Moment at) implements Event {}

    /**
     * A reading has ended.
     *
     * @param server who was asked
     * @param member what it brought: facts, or a failure
     * @param begunNanos the ticker reading before which it did not begin
     */
    record ReadEnded(InstanceKey server, FleetMember member, long begunNanos, Moment at) implements Event {}

    /**
     * The record is being written.
     *
     * @param version which state of it
     */
    record SaveBegun(int version, Moment at) implements Event {}

    /**
     * The writing of the record has ended.
     *
     * @param version which state of it
     * @param outcome how
     * @param words what went wrong, empty when nothing did
     */
    record SaveEnded(int version, Saving outcome, String words, Moment at) implements Event {}

    /**
     * Others were told.
     *
     * @param what of what
     */
    record Told(Announcement what, Moment at) implements Event {}

    /**
     * The procedure decided something.
     *
     * @param fact what
     */
    record Decided(Fact fact, Moment at) implements Event {}

    /** Time has gone by. */
    record Woke(Moment at) implements Event {}

    /**
     * Somebody wants it to stop.
     *
     * @param why who and why, for people
     */
    record StopAsked(String why, Moment at) implements Event {}

    /**
     * The right to act is gone.
     *
     * @param why for people
     */
    record RightLost(String why, Moment at) implements Event {}

    /**
     * The procedure has ended.
     *
     * @param end how
     */
    record Ended(Effect.End end, Moment at) implements Event {}

    /** What came of writing the record. */
    enum Saving {
        /** It is in the backend. */
        WRITTEN,
        /** The backend refused it: the right is gone, or somebody else has ended the recovery. */
        REFUSED,
        /** No answer: it may be there or not, and may come later. */
        UNKNOWN
    }
}
