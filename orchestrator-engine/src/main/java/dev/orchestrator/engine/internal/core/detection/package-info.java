/** What detection does by itself: what is told, whom it suspects, how doubts are settled, what is handed on. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.detection;

import org.jspecify.annotations.NullMarked;
