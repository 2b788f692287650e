/** The HTTP origin: a servlet for any container, the embedded service, and what starts it all in a WAR. */
@NullMarked
package dev.orchestrator.servlet;

import org.jspecify.annotations.NullMarked;
