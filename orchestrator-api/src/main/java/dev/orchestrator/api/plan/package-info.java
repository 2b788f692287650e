/** What is decided and what will be done: gates and their verdicts, plans, their steps, and the commands of servers. */
@NullMarked
package dev.orchestrator.api.plan;

import org.jspecify.annotations.NullMarked;
