package dev.orchestrator.api.model;

import org.jspecify.annotations.Nullable;

/**
 * A replica as its source knows it.
 *
 * @param key where it is presumed to be reached
 * @param serverUuid its identity if the source knows it
 * @param portAssumed true when the port is only assumed to equal the source's (seen in the process list, which does not
 *     show the port a replica listens on)
 */
public record KnownReplica(InstanceKey key, @Nullable String serverUuid, boolean portAssumed) {}
