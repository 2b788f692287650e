package dev.orchestrator.engine.internal.core.selfhosted;

import dev.orchestrator.api.model.InstanceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a node looks up its backend's cluster again, and what it tells people of a backend in trouble: each thing once, until
 * it is sound again. Owned by one thread.
 */
public final class SelfHostedBackendNews {
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(2);
    private static final Duration ONCE_KNOWN = Duration.ofSeconds(20);

    private @Nullable Long lookedUpAt;
    private @Nullable Instant troubledSince;
    private boolean ledBefore;
    private String said = "";

    /**
     * The backend is sound.
     *
     * @param known whether its cluster is known
     * @param nanos the ticker's reading
     * @return whether its cluster is to be looked up now
     */
    public boolean sound(boolean known, long nanos) {
        troubledSince = null;
        said = "";
        Duration pause = known ? ONCE_KNOWN : UNTIL_KNOWN;
        boolean due = lookedUpAt == null || nanos - lookedUpAt > pause.toNanos();
        if (due) {
            lookedUpAt = nanos;
        }
        return due;
    }

    /**
     * Whether this node leads while the backend is sound.
     *
     * @param leads whether it holds the lease
     */
    public void leads(boolean leads) {
        ledBefore = leads;
    }

    /**
     * The backend does not answer, or takes no writes.
     *
     * @param now the time of day
     */
    public void troubled(Instant now) {
        if (troubledSince == null) {
            troubledSince = now;
        }
    }

    /**
     * The lease of this node ended before the backend's primary was replaced.
     *
     * @param here the address that is in use
     * @param silent whether the server there does not answer, though it is one that recoveries are for
     * @return for people, once; empty when this node did not lead
     */
    public Optional<String> notFailedOver(InstanceKey here, boolean silent) {
        if (!ledBefore || !silent) {
            return Optional.empty();
        }
        ledBefore = false;
        return Optional.of("the backend's server " + here + " does not answer since " + troubledSince
                + ", and the leader's lease ended before it was replaced: nothing is done about it from here."
                + " Work goes on when it answers again, or when another server of its cluster is made writable");
    }

    /**
     * The backend is not gone after.
     *
     * @param why the reason
     * @return for people; empty when they were told that already
     */
    public Optional<String> stays(String why) {
        if (why.equals(said)) {
            return Optional.empty();
        }
        said = why;
        return Optional.of("the backend does not answer or is read-only, and is not gone after: " + why);
    }

    /**
     * Since when the backend is in trouble.
     *
     * @return null when it is sound
     */
    public @Nullable Instant since() {
        return troubledSince;
    }

    /**
     * The backend is looked for at another address from now on.
     *
     * @param to where
     * @param from where it was
     * @param why the reason
     * @return for people
     */
    public String follows(InstanceKey to, InstanceKey from, String why) {
        lookedUpAt = null;
        return "the backend is looked for at " + to + " now, not at " + from + ": " + why;
    }
}
