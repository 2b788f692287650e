package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.Door;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeover;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.engine.internal.mysql.GatewayOptions;
import dev.orchestrator.engine.internal.mysql.MySqlInstanceGateway;
import dev.orchestrator.jooq.JooqBackend;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** An engine in a process of its own with a faulty gateway: leads, or hands a primary over. Words are {@code name=value}. */
final class FaultyEngineProcess {
    private FaultyEngineProcess() {}

    public static void main(String[] args) {
        Map<String, String> words =
                Arrays.stream(args).map(a -> a.split("=", 2)).collect(Collectors.toMap(w -> w[0], w -> w[1]));
        String node = word(words, "node");
        try (JooqBackend backend =
                        RealEngines.backend(InstanceKey.parse(word(words, "backend")), word(words, "schema"));
                OrchestratorEngine engine = OrchestratorEngine.builder()
                        .backend(backend)
                        .gateway(new FaultyGateway(
                                new MySqlInstanceGateway(
                                        GatewayOptions.of(RealEngines.config(node)),
                                        key -> RealEngines.credentials(),
                                        System::nanoTime,
                                        InstantSource.system()),
                                words))
                        .config(RealEngines.config(node))
                        .build()) {
            Actor actor = new Actor("tester", Door.API, node);
            if (words.containsKey("takeover")) {
                InstanceKey primary = InstanceKey.parse(word(words, "seed"));
                InstanceKey successor = InstanceKey.parse(word(words, "takeover"));
                Operation takeover = words.containsKey("leftStopped")
                        ? new GracefulTakeover(primary, successor)
                        : new GracefulTakeoverAuto(primary, successor);
                System.out.println(engine.operations().run(takeover, actor).problem());
            } else {
                lead(engine, InstanceKey.parse(word(words, "seed")), actor);
            }
        }
    }

    private static String word(Map<String, String> words, String name) {
        return Objects.requireNonNull(words.get(name), name);
    }

    private static void lead(OrchestratorEngine engine, InstanceKey seed, Actor actor) {
        engine.start();
        boolean discovered = false;
        while (!System.out.checkError()) {
            boolean leads = engine.leaderElection().standing() == Standing.LEADING;
            if (leads && !discovered) {
                discovered = isDiscovered(engine, seed, actor);
            }
            System.out.println((leads ? "LEADING " : "NOT LEADING ")
                    + engine.fleet().members().stream()
                            .filter(FleetMember::isReachable)
                            .count());
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static boolean isDiscovered(OrchestratorEngine engine, InstanceKey seed, Actor actor) {
        try {
            return engine.discover(seed, actor).isReachable();
        } catch (OrchestratorException e) {
            System.out.println("not discovered: " + e.getMessage());
            return false;
        }
    }
}
