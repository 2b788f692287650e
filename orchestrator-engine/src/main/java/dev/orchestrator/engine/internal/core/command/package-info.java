/** What a server becomes when it is told something. */
@NullMarked
package dev.orchestrator.engine.internal.core.command;

import org.jspecify.annotations.NullMarked;
