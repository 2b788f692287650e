package dev.orchestrator.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * A lease as its holder has it. Two leases are the same only if epoch and token are.
 *
 * @param name what is leased
 * @param holder the node that holds it
 * @param token random text of this holder's tenure
 * @param epoch grows at each change of tenure, never shrinks
 * @param ttl how long it holds from the moment the backend granted or renewed it
 */
public record Lease(String name, String holder, String token, long epoch, Duration ttl) {
    /** Checks what must be there. */
    public Lease {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(ttl, "ttl");
    }

    @Override
    public String toString() {
        return name + " epoch " + epoch + " held by " + holder;
    }
}
