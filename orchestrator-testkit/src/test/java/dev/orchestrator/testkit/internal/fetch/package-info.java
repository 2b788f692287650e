/** Tests of how servers come to this machine. */
@NullMarked
package dev.orchestrator.testkit.internal.fetch;

import org.jspecify.annotations.NullMarked;
