/** What operators can have done to living topologies, and what came of it. */
@NullMarked
package dev.orchestrator.api.operation;

import org.jspecify.annotations.NullMarked;
