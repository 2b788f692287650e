/** From a fleet to findings: the table of problems and the facts its rows ask for. */
@NullMarked
package dev.orchestrator.engine.internal.core.analysis;

import org.jspecify.annotations.NullMarked;
