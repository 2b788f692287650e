/** Stand-ins for tests of the HTTP origin. */
@NullMarked
package dev.orchestrator.servlet.fake;

import org.jspecify.annotations.NullMarked;
