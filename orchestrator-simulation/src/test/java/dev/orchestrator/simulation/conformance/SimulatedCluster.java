package dev.orchestrator.simulation.conformance;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.simulation.kind.ReplicationError;
import dev.orchestrator.simulation.kind.ServerKind;
import dev.orchestrator.simulation.kind.ServerSettings;
import dev.orchestrator.simulation.server.ByHand;
import dev.orchestrator.simulation.server.Schemas;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServers;
import dev.orchestrator.simulation.world.Dice;
import dev.orchestrator.simulation.world.EventQueue;
import dev.orchestrator.simulation.world.Network;
import dev.orchestrator.spi.Right;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** SimulatedServers of the simulation that are called as the real ones are, and are of their version. Not thread-safe. */
final class SimulatedCluster implements ClusterUnderTest {
    /** Beyond what retries, restarts and commands take at worst; receivers that hear nothing stay connected for longer. */
    private static final Duration REST = Duration.ofSeconds(12);

    private static final Duration NET_TIMEOUT = Duration.ofSeconds(125);

    private final EventQueue events = new EventQueue();
    private final Dice dice;
    private final SimulatedServers servers;
    private final Map<Member, Instance> real;
    private final UnaryOperator<String> named;
    private final GtidSet before;
    private final AtomicInteger acknowledged = new AtomicInteger();

    /**
     * A primary and two replicas, as a script begins.
     *
     * @param seed how long everything takes
     * @param real what is read of the real ones then
     * @param script what their configuration files say
     * @param named names members in what is said of them
     */
    SimulatedCluster(long seed, Map<Member, Instance> real, ConformanceScript script, UnaryOperator<String> named) {
        this.dice = new Dice(seed);
        this.real = real;
        this.named = named;
        this.before = facts(Member.DB1).executedGtids();
        this.servers = new SimulatedServers(events, dice, new Network(events, dice));
        real.forEach((member, facts) -> {
            SimulatedServer server = servers.add(settings(facts, script.configuration(member)));
            server.begin(facts.executedGtids());
            new ByHand(server).purgeBinaryLogs();
        });
        server(Member.DB2).replicateFrom(key(Member.DB1));
        server(Member.DB3).replicateFrom(key(Member.DB1));
    }

    private static ServerSettings settings(Instance facts, OptionFile configuration) {
        ServerKind kind = ServerKind.ORDINARY.ofVersion(facts.version().text());
        for (String filter : configuration.filters()) {
            kind = kind.filtering(filter);
        }
        ServerSettings settings = ServerSettings.ordinary(facts.key(), facts.serverUuid())
                .of(kind)
                .restarting(
                        configuration.readOnly(), configuration.skipsReplicaStart(), configuration.recoversRelayLogs());
        return configuration
                .semiSync()
                .map(s -> settings.withSemiSync(s.acks(), s.timeout(), !configuration.readOnly()))
                .orElse(settings);
    }

    private SimulatedServer server(Member member) {
        return servers.get(key(member));
    }

    private Instance facts(Member member) {
        Instance facts = real.get(member);
        if (facts == null) {
            throw new IllegalArgumentException("no " + member);
        }
        return facts;
    }

    @Override
    public InstanceKey key(Member member) {
        return facts(member).key();
    }

    private void pass(Duration time) {
        long until = events.now() + time.toNanos();
        while (events.step(until)) {
            // All that happens until then.
        }
    }

    @Override
    public void write(Member member, int rows) {
        if (rows > 0) {
            server(member)
                    .write(
                            Schemas.SCRATCH,
                            gtid -> {
                                acknowledged.incrementAndGet();
                                write(member, rows - 1);
                            },
                            () -> {});
        }
    }

    @Override
    public StepResult.Kind command(Member member, InstanceCommand command) {
        AtomicReference<StepResult> result = new AtomicReference<>();
        long deadline = events.now() + RealCluster.COMMAND.toNanos();
        server(member)
                .command(new SentCommand(
                        "a service",
                        new Right.UnderLock("conformance"),
                        command,
                        server(member).settings().uuid(),
                        deadline,
                        ended -> result.compareAndSet(null, ended)));
        while (result.get() == null && events.step(deadline)) {
            // Until it is answered.
        }
        StepResult answer = result.get();
        return answer == null ? StepResult.Kind.UNKNOWN : answer.kind();
    }

    @Override
    public void kill(Member member) {
        server(member).kill();
    }

    @Override
    public void start(Member member) {
        server(member).start();
    }

    @Override
    public void freeze(Member member) {
        server(member).freeze();
    }

    @Override
    public void thaw(Member member) {
        server(member).thaw();
    }

    @Override
    public void lock(Member member) {
        server(member).obstacles().lock();
    }

    @Override
    public void unlock(Member member) {
        server(member).obstacles().unlock();
    }

    @Override
    public void refuse(Member member, int errno) {
        server(member).obstacles().refuse(new ReplicationError(errno, "refused"));
        server(member).obstacles().breakStreams();
    }

    @Override
    public void admit(Member member) {
        server(member).obstacles().refuseNobody();
    }

    @Override
    public void purge(Member member) {
        new ByHand(server(member)).purgeBinaryLogs();
    }

    @Override
    public void alsoReplicateFrom(Member member, String own, String other, Member source) {
        new ByHand(server(member)).alsoReplicateFrom(own, other, key(source));
    }

    @Override
    public void leaveChannel(Member member, Member source) {
        new ByHand(server(member)).leaveChannel("", key(source));
    }

    @Override
    public void impatient(Member member) {
        // They wait as long as real ones do by default; time costs nothing here.
    }

    @Override
    public void passSilence() {
        pass(NET_TIMEOUT);
    }

    @Override
    public ComparedFacts read() {
        pass(REST);
        ComparedFacts.Builder snapshot = new ComparedFacts.Builder(named, before).acknowledged(acknowledged.get());
        for (Member member : Member.values()) {
            SimulatedServer server = server(member);
            switch (server.process()) {
                case UP -> snapshot.seen(member, server.facts());
                case FROZEN -> snapshot.silent(member, ProbeFailure.Kind.TIMEOUT);
                case DOWN -> snapshot.silent(member, ProbeFailure.Kind.REFUSED);
            }
        }
        return snapshot.build();
    }
}
