/** Which fences hold and what is to be done about them. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.fencing;

import org.jspecify.annotations.NullMarked;
