/** Facts about servers and topologies as immutable values: keys, positions, instances, clusters. */
@NullMarked
package dev.orchestrator.api.model;

import org.jspecify.annotations.NullMarked;
