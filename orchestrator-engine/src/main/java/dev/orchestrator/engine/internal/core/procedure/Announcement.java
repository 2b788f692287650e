package dev.orchestrator.engine.internal.core.procedure;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.Instance;

/** What a procedure has others told. */
public sealed interface Announcement {
    /**
     * A new primary is writable: listeners, publishers and the backend's own home are told before the others follow it.
     *
     * @param primary the new primary as it was read back
     */
    record Promoted(Instance primary) implements Announcement {}

    /**
     * A fence that is written down is to be carried out from now on.
     *
     * @param fence the fence
     */
    record Fenced(Fence fence) implements Announcement {}

    /**
     * A fence ends: nobody was promoted, or a person wants it so.
     *
     * @param fence the fence
     * @param why for people
     */
    record Lifted(Fence fence, String why) implements Announcement {}

    /**
     * A former primary was compared with its successor.
     *
     * @param fence the fence that stands on it
     * @param clean whether it holds nothing alone
     * @param words the finding, for people
     */
    record Compared(Fence fence, boolean clean, String words) implements Announcement {}
}
