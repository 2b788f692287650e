/** Simulated MySQL and MariaDB servers: what they hold, what they send each other, what they do when they are told something. */
@NullMarked
package dev.orchestrator.simulation.server;

import org.jspecify.annotations.NullMarked;
