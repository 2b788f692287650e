/** A complete orchestrator assembled from a configuration file: the file, its settings and what is built from them. */
@NullMarked
package dev.orchestrator.standalone;

import org.jspecify.annotations.NullMarked;
