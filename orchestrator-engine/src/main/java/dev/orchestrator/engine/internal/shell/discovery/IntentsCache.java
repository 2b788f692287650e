package dev.orchestrator.engine.internal.shell.discovery;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.Intents;
import dev.orchestrator.engine.internal.shell.audit.BackendHealth;
import dev.orchestrator.spi.FenceStore;
import dev.orchestrator.spi.IntentStore;
import java.util.List;
import java.util.function.Supplier;

/** What operators want, and the fences that stand, as last read. Decisions read it again; this is for those who only look. Thread-safe. */
public final class IntentsCache implements Supplier<Intents> {
    private static final String READING = "reading what operators want";

    private final IntentStore store;
    private final FenceStore fenceStore;
    private final BackendHealth health;
    private final Runnable onChange;
    private volatile Intents latest = Intents.NONE;
    private volatile List<Fence> fences = List.of();

    IntentsCache(IntentStore store, FenceStore fenceStore, BackendHealth health, Runnable onChange) {
        this.store = store;
        this.fenceStore = fenceStore;
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

    /**
     * The fences that stand, as last read.
     *
     * @return none before the first reading
     */
    public List<Fence> fences() {
        return fences;
    }

    /** Reads them; keeps the last ones when the backend does not answer. */
    synchronized void refresh() {
        try {
            Intents read = store.read();
            List<Fence> standing = fenceStore.standing();
            boolean changed = !read.equals(latest) || !standing.equals(fences);
            latest = read;
            fences = standing;
            health.worked(READING);
            if (changed) {
                onChange.run();
            }
        } catch (RuntimeException e) {
            health.failed(READING, e);
        }
    }
}
