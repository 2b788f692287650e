/** Tests. */
@NullMarked
package dev.orchestrator.engine.internal.core.lock;

import org.jspecify.annotations.NullMarked;
