/** Tests of the engine on a real backend; they stand here because engine and backend do not know each other. */
@NullMarked
package dev.orchestrator.standalone.engine;

import org.jspecify.annotations.NullMarked;
