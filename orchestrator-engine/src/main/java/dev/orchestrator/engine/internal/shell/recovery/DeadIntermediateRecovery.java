package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.candidate.ChoicePolicy;
import dev.orchestrator.engine.internal.core.candidate.NewSourceChooser;
import dev.orchestrator.engine.internal.core.candidate.NewSourceChooser.NewSource;
import dev.orchestrator.engine.internal.core.plan.Phases;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the replicas of a dead intermediate source below another server. Nobody is promoted and nothing can be lost: what
 * they received stays theirs, and the new source has the rest.
 */
final class DeadIntermediateRecovery {
    private static final Logger log = LoggerFactory.getLogger(DeadIntermediateRecovery.class);
    private static final Duration IN_FLIGHT = Duration.ofSeconds(8);

    private final RecoveryRun run;
    private final ReceiverStop stops;

    DeadIntermediateRecovery(RecoveryRun run) {
        this.run = run;
        this.stops = new ReceiverStop(run);
    }

    /**
     * Runs it to its end.
     *
     * @param before the picture it was decided on, read after the locks were taken
     * @return whether all replicas that answer replicate again
     */
    boolean run(Fleet before) {
        try {
            choose(before);
            stops.stop(before);
            Fleet stopped = stops.read();
            Instance source = read(choose(stopped));
            run.mayGoOn();
            run.keeper()
                    .edit(r -> r.successor(source.key())
                            .successorAlias(source.instanceAlias())
                            .successorCoordinates(source.binlogCoordinates()));
            new AfterPromotion(run, stops).repointOthers(source);
            List<InstanceKey> left = run.keeper().current().lostReplicas();
            Fleet fleet = run.ports().fleet().current();
            return run.order().participants().stream()
                    .filter(left::contains)
                    .allMatch(k -> RecoveryRun.answering(fleet, k).isEmpty());
        } catch (RecoveryAborted e) {
            abort(Objects.requireNonNullElse(e.getMessage(), "aborted"));
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("instance", run.order().failed())
                    .setCause(e)
                    .log("a recovery failed unexpectedly");
            abort("unexpected: " + e);
        } finally {
            run.executor().awaitInFlight(IN_FLIGHT);
        }
        return false;
    }

    private InstanceKey choose(Fleet fleet) {
        NewSource source = NewSourceChooser.choose(
                fleet,
                run.order().failed(),
                run.order().participants(),
                run.order().explicit(),
                ChoicePolicy.of(
                        run.ports().config(),
                        fleet,
                        run.order().failed(),
                        run.order().automatic()));
        run.log().note(Phases.CHOOSE, source.chosen(), source.explanation());
        if (source.chosen() == null) {
            throw new RecoveryAborted(source.explanation());
        }
        return source.chosen();
    }

    /** Read after its future replicas, so that it cannot seem to lack what they have. */
    private Instance read(InstanceKey source) {
        return RecoveryRun.answering(run.read(List.of(source), RecoveryRun.READ), source)
                .orElseThrow(() -> new RecoveryAborted(source + " does not answer any more"));
    }

    /** Receivers that were stopped go on looking for the source they had. */
    private void abort(String why) {
        run.keeper().error(why);
        run.log().note(Phases.RESTORE, null, "given up: " + why);
        if (!run.executor().isRightLost()) {
            List<InstanceKey> told = stops.told();
            told.forEach(k -> stops.awaitEnd(k, IN_FLIGHT));
            run.executor().perform(run.planner().restore(run.ports().fleet().current(), told));
        }
    }
}
