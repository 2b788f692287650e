/** What servers become when they are told something: for dry runs, the warm-up at start, and the procedures' own belief. */
@NullMarked
package dev.orchestrator.engine.internal.core.simulation;

import org.jspecify.annotations.NullMarked;
