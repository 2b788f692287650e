/** The demo: a real topology, the service, and a failover on request. */
@NullMarked
package dev.orchestrator.examples.demo;

import org.jspecify.annotations.NullMarked;
