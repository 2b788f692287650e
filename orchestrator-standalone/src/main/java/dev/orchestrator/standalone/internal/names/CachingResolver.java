package dev.orchestrator.standalone.internal.names;

import dev.orchestrator.spi.Ticker;
import dev.orchestrator.spi.host.HostnameResolver;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers what a name resolves to; what cannot be resolved stays as it is and is tried again soon. Thread-safe. */
public final class CachingResolver implements HostnameResolver {
    private static final Logger LOG = LoggerFactory.getLogger(CachingResolver.class);
    private static final Duration FAILURE_EXPIRY = Duration.ofMinutes(1);
    private static final int MAX_NAMES = 100_000;

    /** Asks the name service. */
    @FunctionalInterface
    public interface Lookup {
        /**
         * Asks.
         *
         * @param hostname the name
         * @return what it resolves to
         * @throws IOException when there is no answer
         */
        String ask(String hostname) throws IOException;
    }

    private record Remembered(String name, long until) {}

    private final Lookup lookup;
    private final Duration expiry;
    private final @Nullable Pattern rejected;
    private final Ticker ticker;
    private final ConcurrentMap<String, Remembered> cache = new ConcurrentHashMap<>();

    /**
     * Makes one.
     *
     * @param lookup asks the name service
     * @param expiry how long an answer is remembered
     * @param rejected answers that are not used, null for none
     * @param ticker tells the time
     */
    public CachingResolver(Lookup lookup, Duration expiry, @Nullable Pattern rejected, Ticker ticker) {
        this.lookup = lookup;
        this.expiry = expiry;
        this.rejected = rejected;
        this.ticker = ticker;
    }

    @Override
    public String resolve(String hostname) {
        long now = ticker.nanos();
        Remembered remembered = cache.get(hostname);
        if (remembered != null && remembered.until() - now > 0) {
            return remembered.name();
        }
        if (cache.size() >= MAX_NAMES) {
            cache.clear();
        }
        Remembered fresh = ask(hostname, now);
        cache.put(hostname, fresh);
        return fresh.name();
    }

    private Remembered ask(String hostname, long now) {
        try {
            String name = lookup.ask(hostname);
            boolean unusable = name.isEmpty()
                    || name.indexOf(',') >= 0
                    || (rejected != null && rejected.matcher(name).find());
            return new Remembered(unusable ? hostname : name, now + expiry.toNanos());
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("hostname", hostname)
                    .addKeyValue("reason", e.toString())
                    .log("host name cannot be resolved; used as it is");
            return new Remembered(hostname, now + FAILURE_EXPIRY.toNanos());
        }
    }
}
