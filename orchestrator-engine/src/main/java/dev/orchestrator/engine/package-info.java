/** The way in: what an embedding program builds an orchestrator with. */
@NullMarked
package dev.orchestrator.engine;

import org.jspecify.annotations.NullMarked;
