package dev.orchestrator.testkit;

import dev.orchestrator.testkit.internal.fetch.Settings;
import dev.orchestrator.testkit.server.Availability;
import dev.orchestrator.testkit.server.ServerPackage;
import dev.orchestrator.testkit.server.TestkitException;
import org.junit.jupiter.api.Assumptions;

/** What happens to a test whose server is not here: skipped with the reason, or failed where it is required. */
final class SkipPolicy {
    private SkipPolicy() {}

    /** Aborts the running test or class unless the package can be started. */
    public static void skipUnlessAvailable(ServerPackage wanted) {
        Availability availability = ServerPackages.availability(wanted);
        if (availability.isFound()) {
            return;
        }
        if (Settings.isRequired(wanted.id())) {
            throw new TestkitException(wanted.id() + " is required here: " + availability.explanation());
        }
        Assumptions.abort(availability.explanation());
    }
}
