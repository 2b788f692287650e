/** What a replication channel is set up with, the account it connects with, and how far it came in a log. Knows no server. */
@NullMarked
package dev.orchestrator.api.model.channel;

import org.jspecify.annotations.NullMarked;
