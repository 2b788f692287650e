@NullMarked
package dev.orchestrator.engine.internal.core.leader;

import org.jspecify.annotations.NullMarked;
