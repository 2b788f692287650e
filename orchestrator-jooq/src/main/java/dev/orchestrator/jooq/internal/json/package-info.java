/** Records as JSON: a component that is added is written and read without a line here. */
@NullMarked
package dev.orchestrator.jooq.internal.json;

import org.jspecify.annotations.NullMarked;
