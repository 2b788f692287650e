package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.spi.IntentStore;
import dev.orchestrator.spi.IntentStore.Intents;
import java.util.function.Supplier;

/** What operators want, as last read. Decisions read it again; this is for those who only look. Thread-safe. */
public final class IntentsCache implements Supplier<Intents> {
    private static final String READING = "reading what operators want";

    private final IntentStore store;
    private final BackendHealth health;
    private final Runnable onChange;
    private volatile Intents latest = Intents.NONE;

    IntentsCache(IntentStore store, BackendHealth health, Runnable onChange) {
        this.store = store;
        this.health = health;
        this.onChange = onChange;
    }

    /**
     * The intents as last read.
     *
     * @return {@link Intents#NONE} before the first reading
     */
    @Override
    public Intents get() {
        return latest;
    }

    /** Reads them; keeps the last ones when the backend does not answer. */
    void refresh() {
        try {
            Intents read = store.read();
            boolean changed = !read.equals(latest);
            latest = read;
            health.worked(READING);
            if (changed) {
                onChange.run();
            }
        } catch (RuntimeException e) {
            health.failed(READING, e);
        }
    }
}
