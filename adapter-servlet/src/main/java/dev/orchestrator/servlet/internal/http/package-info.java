/** Routes as data, their handlers, and the checks before them; nothing of servlets but one adapter class. */
@NullMarked
package dev.orchestrator.servlet.internal.http;

import org.jspecify.annotations.NullMarked;
