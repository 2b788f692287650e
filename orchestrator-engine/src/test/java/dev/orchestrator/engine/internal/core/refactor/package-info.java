/** Tests of what operators may do. */
@NullMarked
package dev.orchestrator.engine.internal.core.refactor;

import org.jspecify.annotations.NullMarked;
