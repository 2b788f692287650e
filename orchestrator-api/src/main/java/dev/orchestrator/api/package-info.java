/**
 * What the facade speaks of: who acts, leadership, locks, fences, nodes and the family of errors. A host begins at
 * {@link dev.orchestrator.api.facade.Orchestrator}.
 */
@NullMarked
package dev.orchestrator.api;

import org.jspecify.annotations.NullMarked;
