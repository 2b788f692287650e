/** Tests of discovering, polling and writing the fleet. */
@NullMarked
package dev.orchestrator.engine.internal.shell.discovery;

import org.jspecify.annotations.NullMarked;
