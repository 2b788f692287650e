/** Tests of the package of the same name. */
@NullMarked
package dev.orchestrator.engine.internal.shell.lock;

import org.jspecify.annotations.NullMarked;
