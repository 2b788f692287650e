package dev.orchestrator.engine.internal.shell.selfhosted;

import dev.orchestrator.api.AuditEntry;
import dev.orchestrator.api.event.OrchestratorEvent;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.decision.GateFacts.BackendFacts;
import dev.orchestrator.engine.internal.core.decision.Stored;
import dev.orchestrator.engine.internal.core.selfhosted.BackendEndpointChoice;
import dev.orchestrator.engine.internal.core.selfhosted.BackendEndpoints;
import dev.orchestrator.engine.internal.core.selfhosted.Remembered;
import dev.orchestrator.engine.internal.core.selfhosted.SelfHostedBackendCluster;
import dev.orchestrator.engine.internal.core.selfhosted.SelfHostedBackendNews;
import dev.orchestrator.engine.internal.shell.execution.RecoveryPorts;
import dev.orchestrator.engine.internal.shell.leader.CandidacyCheck;
import dev.orchestrator.engine.internal.shell.leader.LeaseKeeper;
import dev.orchestrator.engine.internal.shell.schedule.NamedExecutors;
import dev.orchestrator.spi.Backend;
import dev.orchestrator.spi.BackendEndpoint;
import dev.orchestrator.spi.Lease;
import dev.orchestrator.spi.RecoveryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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
public final class SelfHostedBackend implements CandidacyCheck, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SelfHostedBackend.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration EVERY = Duration.ofMillis(500);

    private final RecoveryPorts ports;
    private final Backend backend;
    private final String leaseName;
    private final LeaseKeeper lease;
    private final ScheduledExecutorService ticks = NamedExecutors.scheduler("backend-home", 1);
    private final ExecutorService lookers = NamedExecutors.blocking("backend-look");
    private final @Nullable InstanceKey configured;
    // Owned by the ticks' thread.
    private final SelfHostedBackendNews news = new SelfHostedBackendNews();
    private volatile BackendEndpoints where = BackendEndpoints.UNKNOWN;
    private volatile @Nullable Remembered remembered;
    private volatile boolean handled;

    /**
     * Makes one; idle until started.
     *
     * @param ports what it reaches out to
     * @param backend the backend, and where it is
     * @param leaseName the name of the leader's lease
     * @param lease this node's leadership
     */
    public SelfHostedBackend(RecoveryPorts ports, Backend backend, String leaseName, LeaseKeeper lease) {
        this.ports = ports;
        this.backend = backend;
        this.leaseName = leaseName;
        this.lease = lease;
        this.configured = backend.address().orElse(null);
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
     * @param fleet the snapshot it is in
     * @return false when it does not, or is not known to
     */
    public boolean isHome(InstanceKey server, Fleet fleet) {
        return where.isHome(server, fleet);
    }

    /**
     * Whether the backend answers where it is.
     *
     * @return false when it does not within half a second
     */
    public boolean answers() {
        return backend.address().flatMap(this::look).isPresent();
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
        Optional<InstanceKey> here = backend.address();
        if (here.filter(primary::equals).isEmpty()) {
            backend.moveTo(primary);
            learn(w -> w.moved(here, primary));
            tell("backend-followed", "the backend is at " + primary + " now: it was promoted here", true);
        }
        Optional<Lease> next = lease.succeed(former, granted);
        next.ifPresent(l -> learn(w -> w.seen(l.epoch())));
        return next.isPresent();
    }

    /**
     * The candidates are asked on threads of their own, so this takes half a second at most.
     */
    @Override
    public boolean mayStand() {
        Optional<InstanceKey> address = backend.address();
        if (address.isEmpty()) {
            return true;
        }
        BackendEndpoint here = look(address.get()).orElse(null);
        if (here == null || !here.writable()) {
            return false;
        }
        SelfHostedBackendCluster known = where.home();
        if (known == null) {
            known = find(here).orElse(null);
        }
        if (known == null) {
            return true;
        }
        List<BackendEndpoint> rivals = look(known.others()).stream()
                .filter(BackendEndpoint::writable)
                .filter(s -> BackendEndpointChoice.isRival(s, here, probe(s.address())))
                .toList();
        if (!rivals.isEmpty()) {
            log.atWarn()
                    .addKeyValue("backend", here)
                    .addKeyValue("rivals", rivals)
                    .log("the lease is free, but another copy of the backend is writable: not taken");
        }
        return rivals.isEmpty();
    }

    private synchronized BackendEndpoints learn(UnaryOperator<BackendEndpoints> more) {
        where = more.apply(where);
        return where;
    }

    private Optional<Instance> probe(InstanceKey key) {
        return ports.gateway().probe(key, LOOK).match(seen -> Optional.of(seen.instance()), failed -> Optional.empty());
    }

    private Optional<SelfHostedBackendCluster> find(BackendEndpoint seat) {
        return SelfHostedBackendCluster.find(ports.fleet().current(), seat);
    }

    private Optional<BackendEndpoint> look(InstanceKey key) {
        return backend.look(key, leaseName, LOOK);
    }

    private List<BackendEndpoint> look(Collection<InstanceKey> keys) {
        List<CompletableFuture<Optional<BackendEndpoint>>> looks = keys.stream()
                .map(k -> CompletableFuture.supplyAsync(() -> look(k), lookers))
                .toList();
        return looks.stream().flatMap(l -> l.join().stream()).toList();
    }

    void tick() {
        try {
            InstanceKey address = backend.address().orElseThrow();
            Optional<BackendEndpoint> seat = look(address);
            if (seat.filter(where::isSound).isPresent()) {
                sound(seat.get());
            } else {
                troubled(address, seat);
            }
        } catch (RuntimeException e) {
            log.atDebug().setCause(e).log("where the backend is cannot be looked after; trying again");
        }
    }

    private void sound(BackendEndpoint seat) {
        SelfHostedBackendCluster known = learn(w -> w.seen(seat.epoch())).home();
        if (news.sound(known != null, ports.clocks().nanos())) {
            Optional<SelfHostedBackendCluster> found = find(seat);
            known = learn(w -> w.in(found)).home();
        }
        boolean leads = lease.held().isPresent();
        news.leads(leads);
        if (leads && known != null) {
            remembered = read(known.cluster());
        }
    }

    private Remembered read(ClusterId own) {
        RecoveryStore recoveries = backend.recoveries();
        Stored stored = new Stored(
                backend.intents().read(),
                backend.locks().active(),
                recoveries.find(BackendFacts.recent(own)),
                recoveries.blocking(own, ports.config().recoveryBlockPeriod()),
                backend.fences().standing());
        return new Remembered(stored, ports.clocks().instant());
    }

    private void troubled(InstanceKey here, Optional<BackendEndpoint> seat) {
        news.troubled(ports.clocks().instant());
        if (handled || lease.held().isPresent()) {
            return;
        }
        news.notFailedOver(here, seat.isEmpty() && where.home() != null)
                .ifPresent(message -> tell("backend-not-failed-over", message, false));
        List<InstanceKey> sources = new ArrayList<>();
        if (seat.isPresent()) {
            probe(here).ifPresent(i -> i.channels().forEach(c -> sources.add(c.source())));
            find(seat.get()).ifPresent(h -> learn(w -> w.in(Optional.of(h))));
        }
        BackendEndpoints known = where;
        BackendEndpointChoice choice = BackendEndpointChoice.among(
                look(known.candidates(here, Objects.requireNonNullElse(configured, here), sources)).stream()
                        .filter(BackendEndpoint::writable)
                        .filter(s -> BackendEndpointChoice.mayBeTheBackend(s, probe(s.address())))
                        .toList(),
                here,
                known.lastEpoch(),
                known.left());
        BackendEndpoint chosen = choice.seat();
        if (chosen == null) {
            news.stays(choice.why())
                    .ifPresent(message -> log.atWarn()
                            .addKeyValue("backend", here)
                            .addKeyValue("since", news.since())
                            .log(message));
        } else {
            follow(here, chosen.address(), choice.why());
        }
    }

    private void follow(InstanceKey here, InstanceKey to, String why) {
        // Before the first statement there: whoever leads in the backend that is left may do so for one lease time.
        lease.rest();
        backend.moveTo(to);
        learn(w -> w.moved(Optional.of(here), to));
        tell("backend-followed", news.follows(to, here, why), true);
    }

    private void tell(String type, String message, boolean available) {
        log.atWarn().log(message);
        ports.events()
                .publish(new OrchestratorEvent.BackendChanged(ports.clocks().instant(), available, message));
        ports.audit()
                .record(new AuditEntry(0, null, type, backend.address().orElse(null), "", ports.automatic(), message));
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        lookers.shutdownNow();
    }
}
