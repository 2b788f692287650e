/** Tests of the choice. */
@NullMarked
package dev.orchestrator.engine.internal.core.candidate;

import org.jspecify.annotations.NullMarked;
