/** Who is polled when, and the fleet that comes of it. */
@NullMarked
package dev.orchestrator.engine.internal.shell.discovery;

import org.jspecify.annotations.NullMarked;
