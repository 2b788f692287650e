/** Stand-ins for tests of the HTTP door. */
@NullMarked
package dev.orchestrator.servlet.fake;

import org.jspecify.annotations.NullMarked;
