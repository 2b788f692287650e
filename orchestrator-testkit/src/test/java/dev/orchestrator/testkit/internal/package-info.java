/** Tests of what the testkit does below its API. */
@NullMarked
package dev.orchestrator.testkit.internal;

import org.jspecify.annotations.NullMarked;
