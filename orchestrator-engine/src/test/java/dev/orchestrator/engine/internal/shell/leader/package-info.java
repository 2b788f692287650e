/** Tests of the package of the same name. */
@NullMarked
package dev.orchestrator.engine.internal.shell.leader;

import org.jspecify.annotations.NullMarked;
