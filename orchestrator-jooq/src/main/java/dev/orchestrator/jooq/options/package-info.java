/** What can be chosen about a backend. */
@NullMarked
package dev.orchestrator.jooq.options;

import org.jspecify.annotations.NullMarked;
