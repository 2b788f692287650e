package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.engine.internal.shell.leader.LeaseKeeper;
import dev.orchestrator.engine.internal.shell.selfhosted.SelfHostedBackend;
import java.nio.file.Path;

/**
 * What the recovery of the backend's own primary needs beside what any recovery needs.
 *
 * @param home where the backend lives
 * @param lease this node's leadership
 * @param journalFolder where the journal is kept while the backend is away
 */
public record SelfHostedBackendAccess(SelfHostedBackend home, LeaseKeeper lease, Path journalFolder) {}
