/** How servers come to this machine and into the cache: from jars, from Debian packages, from folders; and the files of that. */
@NullMarked
package dev.orchestrator.testkit.internal.fetch;

import org.jspecify.annotations.NullMarked;
