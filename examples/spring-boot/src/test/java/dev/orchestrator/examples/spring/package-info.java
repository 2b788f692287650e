/** The application on real servers. */
@NullMarked
package dev.orchestrator.examples.spring;

import org.jspecify.annotations.NullMarked;
