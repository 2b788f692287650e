/** Which servers there are, what they are started with, and what went wrong. */
@NullMarked
package dev.orchestrator.testkit.server;

import org.jspecify.annotations.NullMarked;
