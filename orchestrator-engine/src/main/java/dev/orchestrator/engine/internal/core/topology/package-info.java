/** How servers are told apart, grouped into clusters and named: pure functions from observations to the fleet. */
@NullMarked
package dev.orchestrator.engine.internal.core.topology;

import org.jspecify.annotations.NullMarked;
