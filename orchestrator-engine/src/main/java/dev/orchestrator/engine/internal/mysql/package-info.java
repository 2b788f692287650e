/**
 * All SQL for monitored servers, and the connections it travels on: polls, guarded commands, sentinels. What differs
 * between server versions is in a {@code ReplicationDialect}; everyone else speaks the modern words.
 *
 * <p>The driver is MySQL ServerConnector/J, used without {@link java.sql.DriverManager}. Because an embedder's class loader
 * must be able to go away, its thread that cleans up abandoned connections is switched off through the system property
 * {@code com.mysql.cj.disableAbandonedConnectionCleanup}, unless the host has set that property itself: every connection
 * of this package is closed by its owner.
 */
@NullMarked
package dev.orchestrator.engine.internal.mysql;

import org.jspecify.annotations.NullMarked;
