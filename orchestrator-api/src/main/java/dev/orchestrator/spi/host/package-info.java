/** What the host says of servers: which account to log in with, and which name a host goes by. */
@NullMarked
package dev.orchestrator.spi.host;

import org.jspecify.annotations.NullMarked;
