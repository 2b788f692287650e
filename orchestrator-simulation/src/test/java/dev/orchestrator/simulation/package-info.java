@NullMarked
package dev.orchestrator.simulation;

import org.jspecify.annotations.NullMarked;
