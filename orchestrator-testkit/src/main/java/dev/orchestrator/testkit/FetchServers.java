package dev.orchestrator.testkit;

import dev.orchestrator.testkit.server.Availability;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings every server package into the cache before the tests begin, so that no test is skipped unnoticed. The build
 * calls it; an embedder's build may as well. The arguments are the ids of the packages that must be there.
 */
public final class FetchServers {
    private final Function<ServerPackage, Optional<String>> reasonOfAbsence;
    private final PrintStream out;

    FetchServers(Function<ServerPackage, Optional<String>> reasonOfAbsence, PrintStream out) {
        this.reasonOfAbsence = reasonOfAbsence;
        this.out = out;
    }

    /**
     * Fetches what is not here yet and names what cannot be had.
     *
     * @param args ids of the required packages, also several in one argument with commas between them
     * @throws TestkitException when a required package cannot be had; with the reason
     */
    public static void main(String[] args) {
        new FetchServers(FetchServers::fetch, System.out).fetchAll(required(args));
    }

    /** Tries all packages before it fails, so that one run names everything that is missing. */
    void fetchAll(List<ServerPackage> required) {
        List<String> missing = new ArrayList<>();
        for (ServerPackage wanted : ServerPackage.values()) {
            Optional<String> reason = reasonOfAbsence.apply(wanted);
            if (reason.isEmpty()) {
                out.println("server " + wanted.id() + ": here");
            } else if (required.contains(wanted)) {
                missing.add(wanted.id() + ": " + reason.get());
            } else {
                out.println("server " + wanted.id() + ": NOT HERE, its tests will be skipped: " + reason.get());
            }
        }
        if (!missing.isEmpty()) {
            throw new TestkitException("servers that the tests require cannot be had:\n  "
                    + String.join("\n  ", missing)
                    + "\nName fewer with -Dorchestrator.testkit.required=ID,ID to test without them.");
        }
    }

    private static Optional<String> fetch(ServerPackage wanted) {
        try {
            ServerPackages.fetch(wanted);
        } catch (TestkitException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        Availability availability = ServerPackages.availability(wanted);
        return availability.isFound() ? Optional.empty() : Optional.of(availability.explanation());
    }

    static List<ServerPackage> required(String... ids) {
        List<ServerPackage> required = new ArrayList<>();
        for (String id : String.join(",", ids).split(",", -1)) {
            if (id.equals("all")) {
                required.addAll(List.of(ServerPackage.values()));
            } else if (!id.isBlank()) {
                required.add(Arrays.stream(ServerPackage.values())
                        .filter(known -> known.id().equals(id.strip()))
                        .findFirst()
                        .orElseThrow(() -> new TestkitException("there is no server package " + id + ", only "
                                + Arrays.stream(ServerPackage.values())
                                        .map(ServerPackage::id)
                                        .toList())));
            }
        }
        return required;
    }
}
