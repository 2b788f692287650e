/** Tests. */
@NullMarked
package dev.orchestrator.engine.internal.core.selfhosted;

import org.jspecify.annotations.NullMarked;
