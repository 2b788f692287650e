/** Maintenance locks kept alive while an operation runs. */
@NullMarked
package dev.orchestrator.engine.internal.shell.lock;

import org.jspecify.annotations.NullMarked;
