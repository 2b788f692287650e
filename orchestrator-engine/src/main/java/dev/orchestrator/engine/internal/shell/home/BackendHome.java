package dev.orchestrator.engine.internal.shell.home;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.engine.internal.core.home.HomeCluster;
import dev.orchestrator.engine.internal.core.home.SeatChoice;
import dev.orchestrator.engine.internal.shell.leader.Ballot;
import dev.orchestrator.engine.internal.shell.leader.LeaseKeeper;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.BackendSeat;
import dev.orchestrator.spi.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows on which servers the backend lives, when these are watched like any other, and goes after it when its primary is
 * replaced. Only a writable server is gone to, and of several the one whose lease is the newest. Idle for a backend that
 * has no address, such as a file. Thread-safe.
 *
 * <p>Whoever goes to another server does not stand for the lease for one lease time, and whoever finds the lease free
 * looks first whether another writable copy of the backend stands beside this one: two copies must not have a leader each.
 */
public final class BackendHome implements Ballot, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackendHome.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(2);
    private static final Duration ONCE_KNOWN = Duration.ofSeconds(20);

    private final HomePorts ports;
    private final LeaseKeeper lease;
    private final ScheduledExecutorService ticks = NamedExecutors.scheduler("backend-home", 1);
    private final ExecutorService lookers = NamedExecutors.blocking("backend-look");
    private final AtomicLong lastEpoch = new AtomicLong();
    private final Set<InstanceKey> left = new ConcurrentSkipListSet<>();
    private final @Nullable InstanceKey configured;
    private volatile @Nullable HomeCluster home;
    private volatile @Nullable Remembered remembered;
    private volatile boolean handled;

    // Owned by the ticks' thread.
    private @Nullable Long homeReadAt;
    private @Nullable Instant troubledSince;
    private boolean ledBefore;
    private String said = "";

    /**
     * Makes one; idle until started.
     *
     * @param ports what it reaches out to
     * @param lease this node's leadership
     */
    public BackendHome(HomePorts ports, LeaseKeeper lease) {
        this.ports = ports;
        this.lease = lease;
        this.configured = ports.place().address().orElse(null);
    }

    /** Begins to look, if the backend can move at all. */
    public void start() {
        if (configured != null) {
            ticks.scheduleWithFixedDelay(this::tick, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Whether the backend lives on that server.
     *
     * @param server a watched server
     * @param fleet the picture it is in
     * @return false when it does not, or is not known to
     */
    public boolean isHome(InstanceKey server, Fleet fleet) {
        HomeCluster known = home;
        return known != null && fleet.canonical(server).equals(fleet.canonical(known.server()));
    }

    /**
     * Whether the backend answers where it is.
     *
     * @return false when it does not within half a second
     */
    public boolean answers() {
        return ports.place().address().flatMap(this::look).isPresent();
    }

    /**
     * What was last read of what a recovery of the backend's own cluster depends on.
     *
     * @return empty when this node never led while the backend was healthy
     */
    public Optional<Remembered> remembered() {
        return Optional.ofNullable(remembered);
    }

    /** While a recovery of the backend's server is under way here, the node does not go after the backend by itself. */
    public void handling(boolean now) {
        handled = now;
    }

    /**
     * Goes to the new primary that this node has just promoted, and goes on leading there with a new epoch.
     *
     * @param primary the new primary
     * @param former the lease this node holds
     * @param granted told of the new lease, before it is the one that is held
     * @return false when the leadership is over
     * @throws dev.orchestrator.api.OrchestratorException when the new primary does not take the backend's place yet
     */
    public boolean succeed(InstanceKey primary, Lease former, Consumer<Lease> granted) {
        Optional<InstanceKey> here = ports.place().address();
        if (here.filter(primary::equals).isEmpty()) {
            ports.place().moveTo(primary);
            here.ifPresent(left::add);
            tell("backend-followed", "the backend is at " + primary + " now: it was promoted here", true);
        }
        Optional<Lease> next = lease.succeed(former, granted);
        next.ifPresent(l -> lastEpoch.accumulateAndGet(l.epoch(), Math::max));
        return next.isPresent();
    }

    /**
     * The candidates are asked on threads of their own, so this takes half a second at most.
     */
    @Override
    public boolean mayStand() {
        Optional<InstanceKey> address = ports.place().address();
        if (address.isEmpty()) {
            return true;
        }
        BackendSeat here = look(address.get()).orElse(null);
        if (here == null || !here.writable()) {
            return false;
        }
        HomeCluster known = home;
        if (known == null) {
            known = HomeCluster.find(ports.fleet().get(), here).orElse(null);
        }
        if (known == null) {
            return true;
        }
        List<BackendSeat> rivals = look(known.others()).stream()
                .filter(s -> s.writable() && isNoLessThan(s, here))
                .toList();
        if (!rivals.isEmpty()) {
            log.atWarn()
                    .addKeyValue("backend", here)
                    .addKeyValue("rivals", rivals)
                    .log("the lease is free, but another copy of the backend is writable: not taken");
        }
        return rivals.isEmpty();
    }

    /** With equal epochs, one that is nobody's replica may have been promoted a moment ago. */
    private boolean isNoLessThan(BackendSeat other, BackendSeat here) {
        return other.epoch() > here.epoch()
                || (other.epoch() == here.epoch()
                        && probe(other.address())
                                .map(BackendHome::replicatesFromNobody)
                                .orElse(true));
    }

    private static boolean replicatesFromNobody(Instance instance) {
        return instance.channels().stream().allMatch(c -> c.receiver() == ReplicationThreadState.STOPPED);
    }

    /** A replica that somebody forgot to make read-only is not the backend, however writable it is. */
    private boolean mayBeTheBackend(BackendSeat seat) {
        return seat.writable()
                && probe(seat.address())
                        .filter(BackendHome::replicatesFromNobody)
                        .isPresent();
    }

    private Optional<Instance> probe(InstanceKey key) {
        return ports.gateway().probe(key, LOOK).match(seen -> Optional.of(seen.instance()), failed -> Optional.empty());
    }

    private Optional<BackendSeat> look(InstanceKey key) {
        return ports.place().look(key, ports.lease(), LOOK);
    }

    private List<BackendSeat> look(Collection<InstanceKey> keys) {
        List<CompletableFuture<Optional<BackendSeat>>> looks = keys.stream()
                .map(k -> CompletableFuture.supplyAsync(() -> look(k), lookers))
                .toList();
        return looks.stream().flatMap(l -> l.join().stream()).toList();
    }

    void tick() {
        try {
            InstanceKey address = ports.place().address().orElseThrow();
            Optional<BackendSeat> seat = look(address);
            if (seat.filter(BackendSeat::writable).isPresent() && !isOutdated(seat.get())) {
                healthy(seat.get());
            } else {
                troubled(address, seat.orElse(null));
            }
        } catch (RuntimeException e) {
            log.atDebug().setCause(e).log("where the backend is cannot be looked after; trying again");
        }
    }

    private boolean isOutdated(BackendSeat seat) {
        return seat.epoch() < lastEpoch.get();
    }

    private void healthy(BackendSeat seat) {
        lastEpoch.accumulateAndGet(seat.epoch(), Math::max);
        troubledSince = null;
        said = "";
        Long readAt = homeReadAt;
        Duration pause = home == null ? UNTIL_KNOWN : ONCE_KNOWN;
        if (readAt == null || ports.ticker().nanos() - readAt > pause.toNanos()) {
            homeReadAt = ports.ticker().nanos();
            home = HomeCluster.find(ports.fleet().get(), seat).orElse(null);
        }
        ledBefore = lease.held().isPresent();
        HomeCluster known = home;
        if (ledBefore && known != null) {
            remembered = ports.memory().apply(known.cluster());
        }
    }

    private void troubled(InstanceKey here, @Nullable BackendSeat seat) {
        if (troubledSince == null) {
            troubledSince = ports.clock().instant();
        }
        if (handled || lease.held().isPresent()) {
            return;
        }
        sayThatNothingIsDone(here, seat);
        Set<InstanceKey> candidates = new TreeSet<>(Set.of(here));
        if (configured != null) {
            candidates.add(configured);
        }
        if (seat != null) {
            candidates.addAll(sourcesOf(here));
            HomeCluster.find(ports.fleet().get(), seat).ifPresent(h -> home = h);
        }
        HomeCluster known = home;
        if (known != null) {
            candidates.add(known.server());
            candidates.addAll(known.others());
        }
        SeatChoice choice = SeatChoice.among(
                look(candidates).stream().filter(this::mayBeTheBackend).toList(), here, lastEpoch.get(), left);
        BackendSeat chosen = choice.seat();
        if (chosen == null) {
            sayOnce(here, choice.why());
        } else {
            follow(here, chosen, choice.why());
        }
    }

    /** Where a read-only server gets its rows from, the backend is written. */
    private List<InstanceKey> sourcesOf(InstanceKey here) {
        List<InstanceKey> sources = new ArrayList<>();
        probe(here).ifPresent(i -> i.channels().forEach(c -> sources.add(c.source())));
        return sources;
    }

    private void sayOnce(InstanceKey here, String why) {
        if (!why.equals(said)) {
            said = why;
            log.atWarn()
                    .addKeyValue("backend", here)
                    .addKeyValue("since", troubledSince)
                    .log("the backend does not answer or is read-only, and is not gone after: {}", why);
        }
    }

    private void follow(InstanceKey here, BackendSeat chosen, String why) {
        // Before the first statement there: whoever leads in the backend that is left may do so for one lease time.
        lease.rest();
        ports.place().moveTo(chosen.address());
        left.add(here);
        left.remove(chosen.address());
        homeReadAt = null;
        tell(
                "backend-followed",
                "the backend is looked for at " + chosen.address() + " now, not at " + here + ": " + why,
                true);
    }

    private void sayThatNothingIsDone(InstanceKey here, @Nullable BackendSeat seat) {
        HomeCluster known = home;
        if (!ledBefore || known == null || seat != null) {
            return;
        }
        ledBefore = false;
        tell(
                "backend-not-failed-over",
                "the backend's server " + here + " does not answer since " + troubledSince
                        + ", and the leader's lease ended before it was replaced: nothing is done about it from here."
                        + " Work goes on when it answers again, or when another server of its cluster is made writable",
                false);
    }

    private void tell(String type, String message, boolean available) {
        log.atWarn().log(message);
        ports.events()
                .publish(new OrchestratorEvent.BackendChanged(ports.clock().instant(), available, message));
        ports.audit()
                .record(new AuditEntry(0, null, type, ports.place().address().orElse(null), "", ports.self(), message));
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        lookers.shutdownNow();
    }
}
