package dev.orchestrator.api;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.time.Instant;

/**
 * An active lock.
 *
 * @param id its number
 * @param instance what is locked
 * @param owner who holds it
 * @param reason why
 * @param token the operation that holds it
 * @param since when it was taken, by the backend's clock
 * @param expiresAt when it runs out unless extended, by the backend's clock
 * @param age how long it has been held, by the backend's clock
 * @param shared whether the instance only serves as a source: beside other shared ones
 */
public record LockInfo(
        long id,
        InstanceKey instance,
        Actor owner,
        String reason,
        String token,
        Instant since,
        Instant expiresAt,
        Duration age,
        boolean shared) {
    /**
     * Whether an operator keeps the server for themselves, until they end it. Else a change holds it for as long as it runs,
     * whoever ordered that.
     *
     * @return true for what was begun as maintenance
     */
    public boolean isByHand() {
        return LockRequest.isByHand(token);
    }
}
