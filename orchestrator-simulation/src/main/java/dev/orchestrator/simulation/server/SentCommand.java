package dev.orchestrator.simulation.server;

import dev.orchestrator.api.plan.InstanceCommand;
import dev.orchestrator.engine.internal.core.procedure.StepResult;
import dev.orchestrator.spi.Right;
import java.util.function.Consumer;

/**
 * A command that somebody sends, with what the server itself checks before it does it.
 *
 * @param sender who sends it
 * @param right by what right
 * @param command the command
 * @param serverUuid whom it is meant for
 * @param deadline after which the server does not do it any more, in nanoseconds of true time
 * @param ended told how it ended, as far as the server can tell
 */
public record SentCommand(
        String sender,
        Right right,
        InstanceCommand command,
        String serverUuid,
        long deadline,
        Consumer<StepResult> ended) {
    void refused() {
        ended.accept(StepResult.unknown("nobody listens"));
    }

    void done() {
        ended.accept(StepResult.DONE);
    }

    void failed(String why) {
        ended.accept(StepResult.failed(why));
    }
}
