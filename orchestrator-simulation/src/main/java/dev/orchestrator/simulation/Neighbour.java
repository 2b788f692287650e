package dev.orchestrator.simulation;

import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Decision;
import dev.orchestrator.api.plan.GateVerdict;
import dev.orchestrator.api.plan.RefusalReason;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.simulation.kind.ServerSettings;
import dev.orchestrator.simulation.plan.Choices;
import dev.orchestrator.simulation.server.Schemas;
import dev.orchestrator.simulation.server.SentCommand;
import dev.orchestrator.simulation.server.SimulatedServer;
import dev.orchestrator.simulation.server.SimulatedServer.Running;
import dev.orchestrator.simulation.world.Dice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * In some worlds the services watch a second cluster. Nothing but the end of its primary ever befalls it, if that: whatever
 * happens in the first one, it is left alone while it is well, and has a new primary when it needs one. Its dice are its own.
 */
final class Neighbour {
    private static final Duration CALM = Duration.ofSeconds(3);

    private final Schedule world;
    private final Dice dice;
    private final boolean wanted;
    private final boolean dies;
    private final boolean comesBack;
    private final long diesAfter;
    private final long backAfter;
    private final List<SimulatedServer> members = new ArrayList<>();
    private @Nullable Writer writer;
    private boolean died;
    private boolean refusedAfterwards;

    Neighbour(Schedule world, long seed, Choices choices) {
        this.world = world;
        this.dice = new Dice(seed ^ 0x2C1057L << 24);
        Choices chosen = choices.by(dice);
        this.wanted = chosen.once("a second cluster", 8);
        this.dies = wanted && !chosen.once("which stays well", 3);
        this.diesAfter = !dies
                ? 0
                : chosen.once("its primary dies when the other one does", 2)
                        ? CALM.toNanos() + chosen.between("it dies within", Duration.ZERO, Duration.ofMillis(500))
                        : chosen.between("it dies after", Duration.ofSeconds(1), Duration.ofSeconds(14));
        this.comesBack = dies && chosen.once("it starts again", 2);
        this.backAfter =
                comesBack ? chosen.between("it starts after", Duration.ofSeconds(1), Duration.ofSeconds(20)) : 0;
    }

    /** The first cluster stands; now this one is built beside it. */
    void complete() {
        if (!wanted) {
            return;
        }
        String first = uuid("next1");
        for (int i = 1; i <= 3; i++) {
            InstanceKey key = new InstanceKey("next" + i, 3306);
            ServerSettings settings =
                    ServerSettings.ordinary(key, uuid(key.hostname())).restarting(i > 1, false, i == 3);
            SimulatedServer server = world.servers().addOutside(settings);
            server.begin(GtidSet.parse(first + ":1-10"));
            if (i > 1) {
                server.replicateFrom(members.get(0).key());
            }
            members.add(server);
        }
        world.servers().onCommand(this::told);
        writer = new Writer(
                world.events(),
                dice,
                world.network(),
                world.servers(),
                members.get(0).key(),
                () -> Schemas.APP);
    }

    private static String uuid(String host) {
        return UUID.nameUUIDFromBytes(host.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Its clients begin to write. */
    void begin() {
        writer().ifPresent(Writer::start);
        if (dies) {
            world.events().in(diesAfter, this::strike);
        }
    }

    private Optional<Writer> writer() {
        return Optional.ofNullable(writer);
    }

    private void strike() {
        SimulatedServer primary = members.get(0);
        world.story().tell(() -> primary.key() + " is killed");
        died = true;
        primary.kill();
        if (comesBack) {
            world.events().in(backAfter, () -> {
                world.story().tell(() -> primary.key() + " starts");
                primary.start();
            });
        }
    }

    /** Its clients write no more. */
    void end() {
        writer().ifPresent(Writer::stop);
    }

    /** Whether a server is of this cluster. */
    boolean has(InstanceKey key) {
        return members.stream().anyMatch(s -> s.key().equals(key));
    }

    /** Clients are sent to another server. */
    void promoted(InstanceKey primary) {
        writer().ifPresent(w -> w.switchTo(primary));
    }

    /** A command is carried out: none is, as long as nothing has befallen the cluster that the server is of. */
    private void told(SimulatedServer server, SentCommand order) {
        if (has(server.key()) && !died) {
            throw new Violation(server.key() + " is told (" + order.command().describe()
                    + ") though nothing ever befell its cluster");
        }
    }

    private List<RecoveryRecord> own() {
        return world.backend().rows().recoveries().stream()
                .filter(r -> has(r.failed()))
                .toList();
    }

    /** What happens in the other cluster is no reason not to recover this one. */
    void refused(Decision decision, GateVerdict refusal) {
        RefusalReason reason = refusal.refusal();
        boolean strange = reason == RefusalReason.ANTI_FLAPPING || reason == RefusalReason.RECOVERY_ACTIVE;
        refusedAfterwards |= reason == RefusalReason.ANTI_FLAPPING && !own().isEmpty();
        if (strange && own().isEmpty()) {
            throw new Violation("refused because of another cluster: " + refusal.facts());
        }
        if (reason == RefusalReason.NO_CANDIDATE && decision.analysis() != null && own().isEmpty()) {
            throw new Violation("refused though both replicas could take over: " + refusal.facts());
        }
    }

    /** What is not as it should be at the end: it has one primary, and that has all that anybody received. */
    List<String> problems() {
        List<SimulatedServer> up =
                members.stream().filter(s -> s.process() == Running.UP).toList();
        List<SimulatedServer> writers =
                up.stream().filter(SimulatedServer::takesWrites).toList();
        List<String> problems = new ArrayList<>();
        boolean explained = writers.isEmpty() && refusedAfterwards;
        if (!members.isEmpty() && writers.size() != 1 && !explained) {
            problems.add("writable of the second cluster: "
                    + writers.stream().map(s -> s.key().toString()).toList());
        }
        for (SimulatedServer primary : writers) {
            up.stream()
                    .filter(s -> s != primary && s != members.get(0))
                    .filter(s -> !s.replicatesFrom(writers) && !isNamed(s.key()))
                    .forEach(s -> problems.add(s.key() + " does not replicate from " + primary.key()));
            up.stream()
                    .filter(s -> s != members.get(0) && !s.held().isSubsetOf(primary.held()))
                    .forEach(s -> problems.add(primary.key() + " lacks what " + s.key() + " received: "
                            + s.held().minus(primary.held())));
        }
        return problems;
    }

    /** A record says that it is not below the new primary: it was not there, or fell itself. */
    private boolean isNamed(InstanceKey key) {
        return own().stream()
                .anyMatch(r -> r.lostReplicas().contains(key)
                        || r.errors().stream().anyMatch(e -> e.contains(key.toString())));
    }
}
