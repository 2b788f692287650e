package dev.orchestrator.engine.internal.core.discovery;

import dev.orchestrator.api.model.InstanceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be polled when. Every server has its own place in the interval, so that polls spread evenly and a server's
 * polls stay one interval apart however long each takes. A server is never polled twice at the same time; who asks for
 * it while a poll runs gets another one right after. Not thread-safe: the owner holds a lock. Knows no clock: it is given
 * readings of the owner's ticker, and reckons in nanoseconds since the first one.
 */
public final class PollSchedule {
    /** The fractional part of the golden ratio: successive multiples of it fall evenly into any interval. */
    private static final double GOLDEN = 0.618_033_988_749_894_9;

    private static final long SCAN = 50_000_000L;

    private final PollTiming timing;
    private final long base;
    private final Map<InstanceKey, PollSlot> slots = new HashMap<>();
    private final TreeSet<PollSlot> queue = new TreeSet<>(PollSlot.BY_DUE);
    private final List<Traffic> lanes =
            Arrays.stream(Lane.values()).map(lane -> new Traffic()).toList();
    private final Map<InstanceKey, Suspicion> suspicions = new HashMap<>();
    private int suspected;
    private long numbers;

    /**
     * Makes an empty schedule.
     *
     * @param timing how often and how many
     * @param now the present reading of the ticker
     */
    public PollSchedule(PollTiming timing, long now) {
        this.timing = timing;
        this.base = now;
    }

    /**
     * A poll to be begun.
     *
     * @param key the server
     * @param lane the lane that it takes room in
     */
    public record Start(InstanceKey key, Lane lane) {}

    /** Who is in a lane: those that wait for room, in order, and those that are being polled. */
    private static final class Traffic {
        final ArrayDeque<PollSlot> waiting = new ArrayDeque<>();
        final Set<PollSlot> running = new HashSet<>();
    }

    private record Suspicion(long since, long until, Set<PollSlot> group) {}

    /**
     * Adds a server to those polled regularly.
     *
     * @param key the server
     * @param hasReplicas whether servers replicate from it; such a one is never polled less often because it is dead
     * @param reading the present
     * @param within the first poll comes within this time; 0 for at once
     */
    public void watch(InstanceKey key, boolean hasReplicas, long reading, long within) {
        long now = reading - base;
        PollSlot slot = slot(key);
        slot.hasReplicas = hasReplicas;
        if (!slot.watched) {
            slot.watched = true;
            if (slot.isIdle()) {
                double part = (double) slot.phase / timing.interval();
                enqueue(slot, within < timing.interval() ? now + (long) (part * within) : nextTurn(slot, now));
            }
        }
    }

    /**
     * Removes a server from those polled regularly. A poll that runs ends by itself.
     *
     * @param key the server
     */
    public void unwatch(InstanceKey key) {
        relieve(key);
        PollSlot slot = slots.get(key);
        if (slot != null) {
            slot.watched = false;
            forgetWhenIdle(slot);
        }
    }

    /** Removes all servers and suspicions; polls asked for by somebody who waits stay. */
    public void clear() {
        List.copyOf(suspicions.keySet()).forEach(this::relieve);
        List.copyOf(slots.keySet()).forEach(this::unwatch);
    }

    /**
     * Whether a server is polled regularly.
     *
     * @param key the server
     * @return true when it is
     */
    public boolean isWatched(InstanceKey key) {
        PollSlot slot = slots.get(key);
        return slot != null && slot.watched;
    }

    /**
     * Has a server polled now, known or not. A poll that is running does not count: another one follows it.
     *
     * @param key the server
     * @param lane where it is to be polled
     * @param reading the present
     */
    public void demand(InstanceKey key, Lane lane, long reading) {
        long now = reading - base;
        demand(slot(key), lane, now);
    }

    private void demand(PollSlot slot, Lane lane, long now) {
        if (slot.running) {
            slot.again = true;
            slot.demanded = lane;
        } else if (slot.demanded != lane) {
            leaveQueues(slot);
            slot.demanded = lane;
            enqueue(slot, now);
        }
    }

    /**
     * Begins or renews a suspicion: the server and those who can say something about it are polled at once, then in a
     * burst, then at the suspicion interval.
     *
     * @param key the suspected server
     * @param witnesses its replicas
     * @param reading the present
     * @return whether it is a new suspicion
     */
    public boolean suspect(InstanceKey key, Collection<InstanceKey> witnesses, long reading) {
        long now = reading - base;
        Suspicion known = suspicions.get(key);
        if (known == null) {
            Set<PollSlot> group = new HashSet<>();
            group.add(slot(key));
            witnesses.forEach(w -> group.add(slot(w)));
            group.forEach(s -> {
                if (s.suspicions++ == 0) {
                    suspected++;
                }
            });
            known = new Suspicion(now, now + timing.suspicionLasts(), group);
            suspicions.put(key, known);
            known.group.forEach(s -> demand(s, Lane.URGENT, now));
            return true;
        }
        known.group.stream()
                .filter(s -> !s.running && now - s.startedAt > timing.burst())
                .toList()
                .forEach(s -> demand(s, Lane.URGENT, now));
        return false;
    }

    /**
     * Whether a server is suspected.
     *
     * @param key the server
     * @return true while the suspicion stands
     */
    public boolean isSuspected(InstanceKey key) {
        return suspicions.containsKey(key);
    }

    /**
     * Whether a server is suspected, or is asked about one that is.
     *
     * @param key the server
     * @return true while such a suspicion stands
     */
    public boolean isWitness(InstanceKey key) {
        PollSlot slot = slots.get(key);
        return slot != null && slot.suspicions > 0;
    }

    /**
     * Ends a suspicion.
     *
     * @param key the server that was suspected
     */
    public void relieve(InstanceKey key) {
        Suspicion suspicion = suspicions.remove(key);
        if (suspicion == null) {
            return;
        }
        for (PollSlot slot : suspicion.group) {
            if (--slot.suspicions == 0) {
                suspected--;
                if (slot.watched && slot.queued && slot.demanded == null) {
                    enqueue(slot, nextTurn(slot, slot.startedAt));
                }
                forgetWhenIdle(slot);
            }
        }
    }

    /**
     * Takes out the polls to begin at this moment.
     *
     * @param reading the present
     * @return the polls; each is running until it is said to be finished
     */
    public List<Start> start(long reading) {
        long now = reading - base;
        List<Start> starts = new ArrayList<>();
        while (!queue.isEmpty() && queue.first().due <= now) {
            PollSlot slot = queue.first();
            leaveQueues(slot);
            slot.waiting = true;
            slot.lane = slot.laneNow();
            traffic(slot.lane).waiting.add(slot);
        }
        for (Lane lane : Lane.values()) {
            startWaiting(lane, now, starts);
        }
        return starts;
    }

    private void startWaiting(Lane lane, long now, List<Start> starts) {
        ArrayDeque<PollSlot> line = traffic(lane).waiting;
        if (line.isEmpty()) {
            return;
        }
        Set<PollSlot> busy = traffic(lane).running;
        if (busy.size() >= timing.limit(lane)) {
            makeRoom(lane, now);
        }
        while (!line.isEmpty() && busy.size() < timing.limit(lane)) {
            PollSlot slot = line.remove();
            slot.waiting = false;
            slot.demanded = null;
            slot.running = true;
            slot.startedAt = now;
            busy.add(slot);
            starts.add(new Start(slot.key, lane));
        }
    }

    /** Who hangs in a full lane goes on in the ailing one, so that those behind it are not held up. */
    private void makeRoom(Lane lane, long now) {
        if (lane == Lane.AILING) {
            return;
        }
        Set<PollSlot> ailing = traffic(Lane.AILING).running;
        int room = 2 * timing.limit(Lane.AILING) - ailing.size();
        traffic(lane).running.stream()
                .filter(s -> now - s.startedAt > timing.slowAfter())
                .limit(Math.max(0, room))
                .toList()
                .forEach(s -> {
                    traffic(lane).running.remove(s);
                    s.lane = Lane.AILING;
                    ailing.add(s);
                });
    }

    /**
     * Says how a poll ended and plans the next one.
     *
     * @param key the server
     * @param reading the present
     * @param ending how it ended
     */
    public void finished(InstanceKey key, long reading, Ending ending) {
        long now = reading - base;
        PollSlot slot = slots.get(key);
        if (slot == null || !slot.running) {
            return;
        }
        slot.running = false;
        traffic(slot.lane).running.remove(slot);
        slot.hasReplicas = ending.hasReplicas();
        slot.failures = ending.answered() ? 0 : slot.failures + 1;
        slot.slow = now - slot.startedAt > timing.slowAfter();
        if (ending.alive() || !ending.hasReplicas()) {
            // It answers, or it has been replaced: nothing hangs on it any more.
            relieve(key);
        } else {
            expire(key, now);
        }
        if (slot.again) {
            slot.again = false;
            enqueue(slot, now);
        } else if (slot.watched || slot.suspicions > 0) {
            enqueue(slot, nextDue(slot, now));
        } else {
            forgetWhenIdle(slot);
        }
    }

    /**
     * How a poll ended.
     *
     * @param answered whether the server told its facts
     * @param alive whether anything was heard from it; ends a suspicion
     * @param hasReplicas whether servers replicate from it
     */
    public record Ending(boolean answered, boolean alive, boolean hasReplicas) {}

    /**
     * When there will be something to start.
     *
     * @param reading the present
     * @return nanoseconds from now, 0 for at once, empty when nothing is planned
     */
    public @Nullable Long untilNext(long reading) {
        long now = reading - base;
        Long until = queue.isEmpty() ? null : Math.max(0, queue.first().due - now);
        boolean held = lanes.stream().anyMatch(lane -> !lane.waiting.isEmpty());
        return held ? Long.valueOf(until == null ? SCAN : Math.min(until, SCAN)) : until;
    }

    /**
     * How many servers are polled regularly.
     *
     * @return the number
     */
    public int size() {
        return slots.size();
    }

    private void expire(InstanceKey key, long now) {
        Suspicion suspicion = suspicions.get(key);
        if (suspicion != null && now - suspicion.until > 0) {
            relieve(key);
        }
    }

    private long nextDue(PollSlot slot, long now) {
        if (slot.suspicions > 0) {
            boolean bursting = suspicions.values().stream()
                    .anyMatch(s -> now - s.since < timing.burstLasts() && s.group.contains(slot));
            return Math.max(now, slot.startedAt + timing.suspicionPace(bursting, suspected));
        }
        if (slot.failures > 1 && !slot.hasReplicas) {
            return slot.startedAt + timing.backoff(slot.failures);
        }
        return nextTurn(slot, slot.startedAt);
    }

    /** The next moment at which it is this server's turn, if there is a decent time left until then. */
    private long nextTurn(PollSlot slot, long after) {
        long decent = after + timing.interval() / 10;
        long intervals = Math.floorDiv(decent - slot.phase, timing.interval()) + 1;
        return slot.phase + intervals * timing.interval();
    }

    private Traffic traffic(Lane lane) {
        return lanes.get(lane.ordinal());
    }

    private PollSlot slot(InstanceKey key) {
        return slots.computeIfAbsent(key, k -> {
            long number = numbers++;
            return new PollSlot(k, number, (long) (number * GOLDEN % 1.0 * timing.interval()));
        });
    }

    private void enqueue(PollSlot slot, long due) {
        leaveQueues(slot);
        slot.due = due;
        slot.queued = true;
        queue.add(slot);
    }

    private void leaveQueues(PollSlot slot) {
        if (slot.queued) {
            queue.remove(slot);
            slot.queued = false;
        }
        if (slot.waiting) {
            traffic(slot.lane).waiting.remove(slot);
            slot.waiting = false;
        }
    }

    private void forgetWhenIdle(PollSlot slot) {
        if (!slot.watched && slot.isIdle() && slot.suspicions == 0) {
            leaveQueues(slot);
            slots.remove(slot.key, slot);
        }
    }
}
