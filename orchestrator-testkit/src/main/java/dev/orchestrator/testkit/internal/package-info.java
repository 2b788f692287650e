/** How servers are initialised, started and ended. Not API: may change at any time. */
@NullMarked
package dev.orchestrator.testkit.internal;

import org.jspecify.annotations.NullMarked;
