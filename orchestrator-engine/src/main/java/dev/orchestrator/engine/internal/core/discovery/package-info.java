/** What observing decides without I/O: who is due when, which key is which server, what a poll changes. Pure. */
@NullMarked
package dev.orchestrator.engine.internal.core.discovery;

import org.jspecify.annotations.NullMarked;
