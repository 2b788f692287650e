/** Tests of the testkit, with real servers. */
@NullMarked
package dev.orchestrator.testkit;

import org.jspecify.annotations.NullMarked;
