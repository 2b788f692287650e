/** What a service or a command needs to know, whichever file it came from. */
@NullMarked
package dev.orchestrator.standalone.settings;

import org.jspecify.annotations.NullMarked;
