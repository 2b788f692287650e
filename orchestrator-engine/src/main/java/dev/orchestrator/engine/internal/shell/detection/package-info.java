/** From a changed fleet to findings, and the tests that confirm or refute a suspicion. */
@NullMarked
package dev.orchestrator.engine.internal.shell.detection;

import org.jspecify.annotations.NullMarked;
