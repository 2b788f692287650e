/** What single phases make of what they see. */
@NullMarked
package dev.orchestrator.engine.internal.core.phase;

import org.jspecify.annotations.NullMarked;
