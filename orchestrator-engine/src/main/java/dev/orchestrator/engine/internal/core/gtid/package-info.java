/** Reckoning with GTID sets across servers. */
@NullMarked
package dev.orchestrator.engine.internal.core.gtid;

import org.jspecify.annotations.NullMarked;
