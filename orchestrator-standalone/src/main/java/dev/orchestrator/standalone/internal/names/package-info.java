/** Resolving host names. */
@NullMarked
package dev.orchestrator.standalone.internal.names;

import org.jspecify.annotations.NullMarked;
