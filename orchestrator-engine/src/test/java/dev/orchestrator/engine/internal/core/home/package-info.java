/** Tests. */
@NullMarked
package dev.orchestrator.engine.internal.core.home;

import org.jspecify.annotations.NullMarked;
