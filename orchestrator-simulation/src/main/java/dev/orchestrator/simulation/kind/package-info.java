/** What servers are: their versions and settings, and the errors that they meet. */
@NullMarked
package dev.orchestrator.simulation.kind;

import org.jspecify.annotations.NullMarked;
