/** Tests of plans. */
@NullMarked
package dev.orchestrator.engine.internal.core.plan;

import org.jspecify.annotations.NullMarked;
