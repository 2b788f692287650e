/** Tests of the schedule of polls and of what polls change. */
@NullMarked
package dev.orchestrator.engine.internal.core.discovery;

import org.jspecify.annotations.NullMarked;
