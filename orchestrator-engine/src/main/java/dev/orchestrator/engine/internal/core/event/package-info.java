/** What listeners are told, and in which order. */
@NullMarked
package dev.orchestrator.engine.internal.core.event;

import org.jspecify.annotations.NullMarked;
