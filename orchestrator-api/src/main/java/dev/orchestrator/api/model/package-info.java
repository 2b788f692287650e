/** What a server, a cluster and a transaction are: immutable values of the API. */
@NullMarked
package dev.orchestrator.api.model;

import org.jspecify.annotations.NullMarked;
