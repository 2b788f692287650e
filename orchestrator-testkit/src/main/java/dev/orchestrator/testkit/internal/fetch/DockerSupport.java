package dev.orchestrator.testkit.internal.fetch;

import dev.orchestrator.testkit.server.Availability;
import dev.orchestrator.testkit.server.Availability.State;
import org.testcontainers.DockerClientFactory;

/** Whether servers run in containers: when somebody asks for it, or when the binaries cannot run here and Docker answers. */
public final class DockerSupport {
    private DockerSupport() {}

    public static boolean isChosen() {
        String launcher = Settings.launcher().orElse("");
        return launcher.equals("docker")
                || (launcher.isEmpty()
                        && !Settings.isPlatformOfBinaries()
                        && availability().isFound());
    }

    public static Availability availability() {
        if (!isOnClassPath()) {
            return new Availability(
                    State.UNAVAILABLE,
                    "servers in containers need org.testcontainers:testcontainers on the class path: add the dependency");
        }
        return Probe.dockerAnswers()
                ? new Availability(State.FOUND, "as a container")
                : new Availability(
                        State.UNAVAILABLE,
                        "Docker does not answer: start it, or use -Dorchestrator.testkit.launcher=binary on Linux x86-64");
    }

    private static boolean isOnClassPath() {
        try {
            Class.forName("org.testcontainers.DockerClientFactory", false, DockerSupport.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Apart, because it can be loaded only where Testcontainers is. */
    private static final class Probe {
        static boolean dockerAnswers() {
            return DockerClientFactory.instance().isDockerAvailable();
        }
    }
}
