@NullMarked
package dev.orchestrator.engine.internal.shell.schedule;

import org.jspecify.annotations.NullMarked;
