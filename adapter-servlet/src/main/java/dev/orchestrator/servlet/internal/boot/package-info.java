/** Starting the service from the WAR: in a container, or by itself. */
@NullMarked
package dev.orchestrator.servlet.internal.boot;

import org.jspecify.annotations.NullMarked;
