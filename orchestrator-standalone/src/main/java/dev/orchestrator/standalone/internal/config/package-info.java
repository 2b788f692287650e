/** The configuration file: its syntax, the table of its keys, and what each key does. */
@NullMarked
package dev.orchestrator.standalone.internal.config;

import org.jspecify.annotations.NullMarked;
