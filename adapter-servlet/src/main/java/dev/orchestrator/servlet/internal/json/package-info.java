/** The JSON shapes of the predecessor's API, and a few of our own. */
@NullMarked
package dev.orchestrator.servlet.internal.json;

import org.jspecify.annotations.NullMarked;
