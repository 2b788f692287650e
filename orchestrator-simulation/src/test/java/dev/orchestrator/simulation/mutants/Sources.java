package dev.orchestrator.simulation.mutants;

import java.nio.file.Path;

/** Where things are in the checkout. */
final class Sources {
    private Sources() {}

    static Path core(Path engineModule) {
        return engineModule.resolve("src/main/java/dev/orchestrator/engine/internal/core");
    }

    static Path mutants(Path simulationModule) {
        return simulationModule.resolve("src/test/mutants");
    }
}
