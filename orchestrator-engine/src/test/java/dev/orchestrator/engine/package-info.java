/** Tests of the engine as an embedder sees it. */
@NullMarked
package dev.orchestrator.engine;

import org.jspecify.annotations.NullMarked;
