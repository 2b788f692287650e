/** The gateway against real servers. */
@NullMarked
package dev.orchestrator.engine.internal.mysql;

import org.jspecify.annotations.NullMarked;
