@NullMarked
package dev.orchestrator.engine.internal.core.detection;

import org.jspecify.annotations.NullMarked;
