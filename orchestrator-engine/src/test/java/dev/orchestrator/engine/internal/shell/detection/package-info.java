/** Tests of the package of the same name. */
@NullMarked
package dev.orchestrator.engine.internal.shell.detection;

import org.jspecify.annotations.NullMarked;
