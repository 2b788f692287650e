/** Tests of what operators may do. */
@NullMarked
package dev.orchestrator.engine.internal.core.operation;

import org.jspecify.annotations.NullMarked;
