/** Typed settings of an embedded orchestrator. */
@NullMarked
package dev.orchestrator.api.config;

import org.jspecify.annotations.NullMarked;
