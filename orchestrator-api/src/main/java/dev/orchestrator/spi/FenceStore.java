package dev.orchestrator.spi;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.FenceState;
import java.time.Duration;
import java.util.List;

/**
 * Which servers must not be written. A fence belongs to a recovery. One on the server that the recovery replaces holds
 * from the moment that the recovery's record names a successor until the record says, at the recovery's end, that nobody
 * was made writable; one on another server, a successor that died when it may have been writable, holds from when it is
 * written. Both hold until they are lifted at most. What is written without right, or for a recovery that is over, is not written at all; so a statement that
 * waits somewhere and is carried out late fences nobody.
 */
public interface FenceStore {
    /**
     * The fences that hold. One whose recovery was removed as old holds as it did before.
     *
     * @return the latest order per server
     */
    List<Fence> standing();

    /**
     * Orders that a server must stay read-only from now on, whoever leads. Replaces an earlier order for that server.
     *
     * @param fence the order
     * @param right by what right; refused when it has ended
     * @return false when nothing was written: the right has ended, or the recovery is not known or not under way
     */
    boolean add(Fence fence, Right right);

    /**
     * Writes how far a fence has come, or that it is lifted. One that is lifted stays so until it is ordered anew.
     *
     * @param fence the fence; the server and the recovery identify it
     * @param note what was found, for people
     * @param right by what right, as in {@link #add}
     * @return false when nothing was written: the right has ended, or this order is lifted or was replaced by another
     *     recovery's
     */
    boolean update(Fence fence, FenceState state, String note, Right right);

    /**
     * Lifts a fence by rule, because the topology was rebuilt around its server.
     *
     * @param fence the fence, as in {@link #update}
     * @param note what was found, for people
     * @param right by what right, as in {@link #add}
     * @return false when nothing was written: as in {@link #update}, or a recovery of the cluster is under way
     */
    boolean end(Fence fence, String note, Right right);

    /**
     * Removes lifted fences that are older than given.
     *
     * @param age how long ago they were lifted
     * @return how many were removed
     */
    int purge(Duration age);
}
