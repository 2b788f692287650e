/** What a host calls: the facade, leadership, maintenance locks and the family of errors. */
@NullMarked
package dev.orchestrator.api;

import org.jspecify.annotations.NullMarked;
