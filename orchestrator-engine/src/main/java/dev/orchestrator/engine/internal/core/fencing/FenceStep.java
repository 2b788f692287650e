package dev.orchestrator.engine.internal.core.fencing;

/**
 * What is to be done about a fence now. Asked again and again: what could not be done is wanted again.
 *
 * @param action what
 * @param why for people
 */
public record FenceStep(FenceAction action, String why) {
    /** What can be done. */
    public enum FenceAction {
        /** Nothing at present. */
        NOTHING,
        /** Make the server read-only as soon as it answers, and then compare. */
        MAKE_READ_ONLY,
        /** Find out what it holds that its successor does not. */
        COMPARE,
        /** Lift the fence: it did what it was for. */
        LIFT,
        /** Lift the fence because the topology was rebuilt around the server, after reading it once more under locks. */
        END
    }
}
