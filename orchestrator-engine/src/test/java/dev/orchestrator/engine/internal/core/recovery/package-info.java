/** Tests of plans. */
@NullMarked
package dev.orchestrator.engine.internal.core.recovery;

import org.jspecify.annotations.NullMarked;
