package dev.orchestrator.jooq;

import dev.orchestrator.jooq.options.JooqBackendOptions;
import dev.orchestrator.spi.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A process of its own that takes and gives up a lease in an SQLite file as often as it can for some milliseconds. */
public final class LeaseRunner {
    private LeaseRunner() {}

    /** Arguments: file, milliseconds. Prints {@code epoch begin end} of each tenure, in nanoseconds of the machine. */
    public static void main(String[] args) {
        try (JooqBackend backend = JooqBackend.sqlite(Path.of(args[0]), JooqBackendOptions.forCommand())) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[1]));
            while (System.nanoTime() < end) {
                Optional<Lease> lease = backend.leases().acquire("leader", "n", Duration.ofSeconds(20));
                if (lease.isPresent()) {
                    long begin = System.nanoTime();
                    boolean kept = backend.leases().renew(lease.get());
                    long over = System.nanoTime();
                    backend.leases().release(lease.get());
                    System.out.println((kept ? lease.get().epoch() : -1) + " " + begin + " " + over);
                }
            }
        }
    }
}
