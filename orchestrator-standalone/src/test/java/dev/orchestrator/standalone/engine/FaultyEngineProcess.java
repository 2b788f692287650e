package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.operation.Operation;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeover;
import dev.orchestrator.api.operation.TakeoverOperation.GracefulTakeoverAuto;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * An engine in a process of its own that leads, or hands a primary over, until at a certain point it does something to
 * itself. ReplicationVocabulary are {@code name=value}: {@code before} or {@code after}, how the text of a {@link FaultPoint} begins;
 * {@code signal}, what it sends itself there (KILL); {@code divert} and {@code way}, a server and the address its commands
 * take instead.
 */
final class FaultyEngineProcess {
    /** What it says when it has come to its point. */
    static final String AT_ITS_POINT = "at its point";

    private FaultyEngineProcess() {}

    public static void main(String[] args) {
        Map<String, String> words =
                Arrays.stream(args).map(a -> a.split("=", 2)).collect(Collectors.toMap(w -> w[0], w -> w[1]));
        String node = word(words, "node");
        Map<InstanceKey, InstanceKey> ways = words.containsKey("divert")
                ? Map.of(InstanceKey.parse(word(words, "divert")), InstanceKey.parse(word(words, "way")))
                : Map.of();
        try (JooqBackend backend =
                        RealEngines.backend(InstanceKey.parse(word(words, "backend")), word(words, "schema"));
                OrchestratorEngine engine = RealEngines.faulty(backend, node, fault(words), ways)) {
            Actor actor = new Actor("tester", Origin.API, node);
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

    private static FaultPoint fault(Map<String, String> words) {
        String where = words.containsKey("before")
                ? "before " + words.get("before")
                : words.containsKey("after") ? "after " + words.get("after") : "never";
        return FaultPoint.at(where, () -> signalItself(words.getOrDefault("signal", "KILL")));
    }

    /** Returns when somebody lets it go on. */
    private static void signalItself(String signal) {
        System.out.println(AT_ITS_POINT);
        try {
            new ProcessBuilder(
                            "kill",
                            "-" + signal,
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the signal was sent", e);
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
