/** Table classes that the build generates from the MySQL migration scripts. */
@NullMarked
package dev.orchestrator.jooq.internal.schema;

import org.jspecify.annotations.NullMarked;
