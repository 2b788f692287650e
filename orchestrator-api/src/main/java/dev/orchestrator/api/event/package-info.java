/** What listeners are told, after the fact. */
@NullMarked
package dev.orchestrator.api.event;

import org.jspecify.annotations.NullMarked;
