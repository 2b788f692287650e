/**
 * Many real processes on one backend, hurt on purpose: the series behind {@code bench/leadership}, {@code bench/locks} and
 * {@code bench/chaos}.
 */
@NullMarked
package dev.orchestrator.bench.series;

import org.jspecify.annotations.NullMarked;
