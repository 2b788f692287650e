/** Tests of the package of the same name. */
@NullMarked
package dev.orchestrator.engine.internal.core.fencing;

import org.jspecify.annotations.NullMarked;
