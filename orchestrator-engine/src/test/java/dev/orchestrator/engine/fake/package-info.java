/** Stand-ins for the ports: a backend in memory and a time that stands still until it is moved. */
@NullMarked
package dev.orchestrator.engine.fake;

import org.jspecify.annotations.NullMarked;
