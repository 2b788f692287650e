package dev.orchestrator.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Leases, by the backend's clock. All methods throw {@code BACKEND_UNAVAILABLE} when the backend does not answer. */
public interface LeaseStore {
    /**
     * Takes a lease that is free or has run out. The epoch grows.
     *
     * @param name what to lease
     * @param holder the node
     * @param ttl how long
     * @return the lease, empty when somebody holds it
     */
    Optional<Lease> acquire(String name, String holder, Duration ttl);

    /**
     * Takes a lease whoever holds it. The epoch grows.
     *
     * @param name what to lease
     * @param holder the node
     * @param ttl how long
     */
    Lease seize(String name, String holder, Duration ttl);

    /**
     * Goes on, in a copy of the backend that became the backend, with a tenure that was granted in the former one: takes
     * the lease with an epoch greater than the former one's, whatever rows the copy lacks, whether or not the lease it
     * shows has run out.
     *
     * @param former the tenure
     * @return the new one; empty when somebody else has taken the lease since
     */
    Optional<Lease> succeed(Lease former);

    /**
     * Extends a lease, if it is still this one and has not run out.
     *
     * @return whether it was extended; false when it is lost
     */
    boolean renew(Lease lease);

    /**
     * Gives a lease up, if it is still this one.
     *
     * @return whether it was held
     */
    boolean release(Lease lease);

    /**
     * Frees a lease whoever holds it, so that the next candidate takes it.
     *
     * @param name what is leased
     */
    void vacate(String name);

    /**
     * Looks at a lease.
     *
     * @param name what is leased
     * @return who holds it, empty when nobody does
     */
    Optional<Holding> current(String name);

    /**
     * A lease as others see it.
     *
     * @param holder the node that holds it
     * @param token the tenure's random text
     * @param epoch the tenure's number
     * @param since when the tenure began, by the backend's clock
     * @param renewedAt when it was last renewed, by the backend's clock
     * @param expiresIn what is left of it
     */
    record Holding(String holder, String token, long epoch, Instant since, Instant renewedAt, Duration expiresIn) {}
}
