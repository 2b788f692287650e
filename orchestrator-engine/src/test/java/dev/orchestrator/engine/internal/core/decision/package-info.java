/** Tests of the gates. */
@NullMarked
package dev.orchestrator.engine.internal.core.decision;

import org.jspecify.annotations.NullMarked;
