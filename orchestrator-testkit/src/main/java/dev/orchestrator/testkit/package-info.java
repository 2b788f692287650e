/**
 * Real MySQL and MariaDB servers and replication topologies on loopback, for tests, the demo and embedders' own tests.
 *
 * <p>Start with {@link dev.orchestrator.testkit.ReplicationTopology} or, in JUnit 5 tests, with
 * {@link dev.orchestrator.testkit.TopologyExtension}. What is started here dies with the JVM, also when the JVM is
 * killed, and leaves no directory behind but the cache of unpacked servers.
 */
@NullMarked
package dev.orchestrator.testkit;

import org.jspecify.annotations.NullMarked;
