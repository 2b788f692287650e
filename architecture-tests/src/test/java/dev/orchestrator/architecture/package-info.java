/** The arrows between modules and packages, as tests. */
@NullMarked
package dev.orchestrator.architecture;

import org.jspecify.annotations.NullMarked;
