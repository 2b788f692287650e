/** What is to be done, as stages of typed steps: pure functions that command nobody. */
@NullMarked
package dev.orchestrator.engine.internal.core.plan;

import org.jspecify.annotations.NullMarked;
