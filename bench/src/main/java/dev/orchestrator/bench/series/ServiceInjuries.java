package dev.orchestrator.bench.series;

import dev.orchestrator.bench.process.ServiceProcess;
import dev.orchestrator.bench.process.Waiting;
import dev.orchestrator.testkit.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Hurts services at random, the leader more often than others, and heals each again. */
final class ServiceInjuries implements AutoCloseable {
    private enum Injury {
        KILL,
        FREEZE,
        CUT,
        BLACKHOLE
    }

    private final ServiceGroup group;
    private final List<TcpProxy> ways;
    private final Random random = new Random();
    private final Map<Injury, Integer> done = new TreeMap<>();
    private final Thread thread = new Thread(this::work, "series-injuries");
    private volatile boolean closed;
    private volatile String trouble = "";

    ServiceInjuries(ServiceGroup group, List<TcpProxy> ways) {
        this.group = group;
        this.ways = ways;
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        try {
            while (!closed) {
                injure();
                pauseUnlessClosed(Duration.ofMillis(random.nextInt(2000 * ChaosSetup.MEAN_PAUSE_SECONDS)));
            }
        } catch (RuntimeException e) {
            trouble = "injuries ended early: " + e;
        }
    }

    private void injure() {
        ServiceProcess victim = random.nextBoolean() ? group.leader().orElseGet(group::random) : group.random();
        TcpProxy way = ways.get(group.services().indexOf(victim));
        Duration duration = Duration.ofMillis(500 + random.nextInt(5500));
        Injury injury = Injury.values()[random.nextInt(Injury.values().length)];
        synchronized (done) {
            done.merge(injury, 1, Integer::sum);
        }
        switch (injury) {
            case KILL -> {
                victim.kill9();
                victim.awaitEnd();
                pauseUnlessClosed(Duration.ofMillis(random.nextInt(3000)));
                victim.startAgain();
            }
            case FREEZE -> {
                victim.freeze();
                pauseUnlessClosed(duration);
                victim.thaw();
            }
            case CUT -> {
                way.cut();
                pauseUnlessClosed(duration);
                way.heal();
            }
            case BLACKHOLE -> {
                way.blackhole();
                pauseUnlessClosed(duration);
                way.heal();
            }
        }
    }

    private void pauseUnlessClosed(Duration duration) {
        Waiting.holdsWithin(duration, () -> closed);
    }

    /** Why it ended early; empty when it did not. */
    String trouble() {
        return trouble;
    }

    /** Heals what is hurt and stops. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        synchronized (done) {
            return done.toString();
        }
    }
}
