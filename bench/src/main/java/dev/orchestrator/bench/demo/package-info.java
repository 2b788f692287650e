/** The demo: a real topology, the service, and a failover on request. */
@NullMarked
package dev.orchestrator.bench.demo;

import org.jspecify.annotations.NullMarked;
