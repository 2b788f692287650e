package dev.orchestrator.standalone.engine;

import dev.orchestrator.api.Actor;
import dev.orchestrator.api.LeaderElection.Standing;
import dev.orchestrator.api.OrchestratorException;
import dev.orchestrator.api.Origin;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.OrchestratorEngine;
import dev.orchestrator.jooq.JooqBackend;
import dev.orchestrator.jooq.options.JooqBackendOptions;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A whole engine in a process of its own: leads, discovers a seed, and says so, until it is killed. */
final class EngineProcess {
    private EngineProcess() {}

    public static void main(String[] args) {
        try (JooqBackend backend = JooqBackend.sqlite(Path.of(args[0]), JooqBackendOptions.forService());
                OrchestratorEngine engine = EngineOnRealServersTest.engine(backend, args[1])) {
            engine.start();
            boolean discovered = false;
            while (!System.out.checkError()) {
                Standing standing = engine.leaderElection().standing();
                if (standing == Standing.LEADING && !discovered) {
                    discovered = isDiscovered(engine, args);
                }
                System.out.println(standing + " "
                        + (standing == Standing.LEADING
                                ? engine.fleet().members().stream()
                                        .filter(FleetMember::isReachable)
                                        .count()
                                : 0));
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private static boolean isDiscovered(OrchestratorEngine engine, String[] args) {
        try {
            return engine.discover(InstanceKey.parse(args[2]), new Actor("tester", Origin.API, args[1]))
                    .isReachable();
        } catch (OrchestratorException e) {
            System.out.println("not discovered: " + e.getMessage());
            return false;
        }
    }
}
