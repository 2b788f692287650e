/** Tests. */
@NullMarked
package dev.orchestrator.engine.internal.core.intent;

import org.jspecify.annotations.NullMarked;
