package dev.orchestrator.engine.internal.shell.leader;

import dev.orchestrator.api.LeaderElection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it was told. */
final class RecordingElectionListener implements LeaderElection.Listener {
    private final List<String> told = new CopyOnWriteArrayList<>();

    List<String> told() {
        return told;
    }

    @Override
    public void gained(long epoch) {
        told.add("gained " + epoch);
    }

    @Override
    public void lost(long epoch) {
        told.add("lost " + epoch);
    }
}
