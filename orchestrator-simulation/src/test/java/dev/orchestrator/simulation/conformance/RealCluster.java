package dev.orchestrator.simulation.conformance;

import dev.orchestrator.api.ErrorCode;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.Observation;
import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.spi.Guard;
import dev.orchestrator.testkit.DatabaseServer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Real servers, told and read by the engine's own gateway. */
final class RealCluster implements ClusterUnderTest {
    /** How long a command may take. */
    static final Duration COMMAND = Duration.ofSeconds(8);

    private static final Duration POLL = Duration.ofSeconds(1);

    private final MySqlInstanceGateway gateway;
    private final Map<Member, DatabaseServer> servers;
    private final UnaryOperator<String> named;
    private final GtidSet before;
    private final Map<Member, HandOn> hands = new EnumMap<>(Member.class);
    private final Map<Member, String> uuids = new EnumMap<>(Member.class);
    private final AtomicInteger acknowledged = new AtomicInteger();

    /**
     * Running servers, of which two replicate from the first.
     *
     * @param gateway the way to them
     * @param servers them
     * @param named names members in what is said of them
     */
    RealCluster(MySqlInstanceGateway gateway, Map<Member, DatabaseServer> servers, UnaryOperator<String> named) {
        this.gateway = gateway;
        this.servers = servers;
        this.named = named;
        servers.forEach((member, server) -> {
            hands.put(member, new HandOn(server));
            uuids.put(member, String.valueOf(server.queryValue("SELECT @@server_uuid")));
        });
        this.before = GtidSet.parse(server(Member.DB1).executedGtids());
    }

    private static <T> T of(Map<Member, T> all, Member member) {
        T one = all.get(member);
        if (one == null) {
            throw new IllegalArgumentException("no " + member);
        }
        return one;
    }

    private DatabaseServer server(Member member) {
        return of(servers, member);
    }

    private HandOn hand(Member member) {
        return of(hands, member);
    }

    @Override
    public InstanceKey key(Member member) {
        return server(member).key();
    }

    @Override
    public void write(Member member, int rows) {
        hand(member).write(rows, acknowledged::incrementAndGet);
    }

    @Override
    public StepResult.Kind command(Member member, InstanceCommand command) {
        Guard guard = new Guard(of(uuids, member), System.nanoTime() + COMMAND.toNanos());
        try {
            boolean done = gateway.command(key(member), guard, command, COMMAND);
            return done ? StepResult.Kind.DONE : StepResult.Kind.NOT_YET;
        } catch (OrchestratorException e) {
            return e.code() == ErrorCode.INSTANCE_UNREACHABLE ? StepResult.Kind.UNKNOWN : StepResult.Kind.FAILED;
        }
    }

    @Override
    public void kill(Member member) {
        server(member).kill9();
    }

    @Override
    public void start(Member member) {
        server(member).startAgain();
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
        hand(member).lock();
    }

    @Override
    public void unlock(Member member) {
        hand(member).unlock();
    }

    @Override
    public void refuse(Member member, int errno) {
        hand(member).refuse(errno);
    }

    @Override
    public void admit(Member member) {
        hand(member).admit();
    }

    @Override
    public void purge(Member member) {
        hand(member).purge();
    }

    @Override
    public void alsoReplicateFrom(Member member, String own, String other, Member source) {
        hand(member).nameChannel(own, key(Member.DB1));
        hand(member).addChannel(other, key(source));
    }

    @Override
    public void leaveChannel(Member member, Member source) {
        hand(member).leaveChannel(key(source));
    }

    @Override
    public void impatient(Member member) {
        hand(member).waitTwoSecondsOnly();
    }

    @Override
    public void passSilence() {
        // Whoever reads waits until it is so.
    }

    /** What one poll reads. */
    Instance facts(Member member) {
        return gateway.probe(key(member), Duration.ofSeconds(10)).facts().orElseThrow();
    }

    @Override
    public ComparedFacts read() {
        ComparedFacts.Builder snapshot = new ComparedFacts.Builder(named, before).acknowledged(acknowledged.get());
        for (Member member : Member.values()) {
            Observation observation = gateway.probe(key(member), POLL);
            observation.match(
                    seen -> snapshot.seen(member, seen.instance()),
                    failed -> snapshot.silent(member, failed.failure().kind()));
        }
        return snapshot.build();
    }

    /** What a script has left open. */
    void close() {
        hands.values().forEach(HandOn::close);
    }
}
