package dev.orchestrator.api.recovery;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.model.InstanceKey;
import org.jspecify.annotations.Nullable;

/**
 * An operator's order to recover.
 *
 * @param failed the failed instance
 * @param candidate the replica to promote, null to let the engine choose
 * @param actor who orders it
 */
public record RecoveryRequest(InstanceKey failed, @Nullable InstanceKey candidate, Actor actor) {}
