/** A complete orchestrator assembled from a configuration file: reading the file, and what is built from its settings. */
@NullMarked
package dev.orchestrator.standalone;

import org.jspecify.annotations.NullMarked;
