/** What a host calls: an orchestrator and, for each concern, what can be asked of it. Nothing else in the API knows it. */
@NullMarked
package dev.orchestrator.api.facade;

import org.jspecify.annotations.NullMarked;
