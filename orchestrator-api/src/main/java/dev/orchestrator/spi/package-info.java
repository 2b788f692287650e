/** The ports: what a host or another module implements so that the engine can see, act and remember. */
@NullMarked
package dev.orchestrator.spi;

import org.jspecify.annotations.NullMarked;
