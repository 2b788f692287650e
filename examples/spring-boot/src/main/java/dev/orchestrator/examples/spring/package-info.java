/** A Spring Boot web application with an orchestrator inside. */
@NullMarked
package dev.orchestrator.examples.spring;

import org.jspecify.annotations.NullMarked;
