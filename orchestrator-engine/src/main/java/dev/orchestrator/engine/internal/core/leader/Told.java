package dev.orchestrator.engine.internal.core.leader;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What listeners were told last of a lease.
 *
 * @param epoch under which it is held; empty when it is not
 */
public record Told(OptionalLong epoch) {
    /** They know of nothing. */
    public static final Told NOTHING = new Told(OptionalLong.empty());

    /**
     * What they hear of.
     *
     * @param gained or lost
     * @param epoch of what is gained or lost
     */
    public record News(boolean gained, long epoch) {}

    /**
     * What they are to be told: of each gain after the loss of what was held before.
     *
     * @param now the epoch under which the lease is held at present
     * @return in order
     */
    public List<News> until(OptionalLong now) {
        List<News> news = new ArrayList<>(2);
        if (!now.equals(epoch)) {
            epoch.ifPresent(e -> news.add(new News(false, e)));
            now.ifPresent(e -> news.add(new News(true, e)));
        }
        return news;
    }
}
