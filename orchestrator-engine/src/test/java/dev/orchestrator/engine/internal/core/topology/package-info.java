/** Tests of the package of the same name. */
@NullMarked
package dev.orchestrator.engine.internal.core.topology;

import org.jspecify.annotations.NullMarked;
