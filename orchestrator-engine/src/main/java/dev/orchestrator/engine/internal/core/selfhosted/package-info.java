/**
 * Which of several copies of the backend is the one that counts, and how its own primary is replaced without it. Pure.
 */
@NullMarked
package dev.orchestrator.engine.internal.core.selfhosted;

import org.jspecify.annotations.NullMarked;
