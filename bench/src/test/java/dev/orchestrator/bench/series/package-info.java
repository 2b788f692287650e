/** Tests of the series, and the series in a shortened form. */
@NullMarked
package dev.orchestrator.bench.series;

import org.jspecify.annotations.NullMarked;
