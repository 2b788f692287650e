package dev.orchestrator.jooq.internal.connect;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The migration library's log: what it calls information is detail here. Made by that library, by its name. */
public final class QuietLog implements LogCreator {
    @Override
    public Log createLogger(Class<?> type) {
        return new ToSlf4j(LoggerFactory.getLogger(type));
    }

    private record ToSlf4j(Logger logger) implements Log {
        @Override
        public void debug(String message) {
            logger.trace(message);
        }

        @Override
        public void info(String message) {
            logger.debug(message);
        }

        @Override
        public void warn(String message) {
            logger.debug(message);
        }

        @Override
        public void error(String message) {
            logger.debug(message);
        }

        @Override
        public void error(String message, Exception e) {
            // What comes of it is thrown, and said once by whoever catches it.
            logger.debug(message, e);
        }

        @Override
        public void notice(String message) {
            logger.debug(message);
        }
    }
}
