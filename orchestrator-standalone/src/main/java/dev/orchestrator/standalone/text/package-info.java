/** How things are written for people and read from them, the same on the command line and over HTTP. */
@NullMarked
package dev.orchestrator.standalone.text;

import org.jspecify.annotations.NullMarked;
