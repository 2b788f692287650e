/** Names of problems, and a problem together with the evidence it was found by. */
@NullMarked
package dev.orchestrator.api.analysis;

import org.jspecify.annotations.NullMarked;
