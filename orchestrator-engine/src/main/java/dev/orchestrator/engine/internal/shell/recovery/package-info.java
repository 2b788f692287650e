/** From a finding to a decision, and from a plan to actions; the only caller of mutating commands besides detection's receiver test. */
@NullMarked
package dev.orchestrator.engine.internal.shell.recovery;

import org.jspecify.annotations.NullMarked;
