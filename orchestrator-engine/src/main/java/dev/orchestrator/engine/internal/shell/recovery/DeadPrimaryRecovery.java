package dev.orchestrator.engine.internal.shell.recovery;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.plan.Plan.Stage;
import dev.orchestrator.engine.internal.core.candidate.CandidateChooser;
import dev.orchestrator.engine.internal.core.candidate.Choice;
import dev.orchestrator.engine.internal.core.candidate.ChoicePolicy;
import dev.orchestrator.engine.internal.core.candidate.ChoiceRequest;
import dev.orchestrator.engine.internal.core.candidate.Lineage;
import dev.orchestrator.engine.internal.core.plan.Losses;
import dev.orchestrator.engine.internal.core.plan.Phases;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces one dead primary, phase by phase. Until somebody is promoted everything can be taken back, and is when the
 * recovery is given up; once somebody is promoted, the recovery has succeeded, whatever else goes wrong.
 */
final class DeadPrimaryRecovery {
    private static final Logger failure = LoggerFactory.getLogger(DeadPrimaryRecovery.class);
    private static final Duration IN_FLIGHT = Duration.ofSeconds(8);

    private final RecoveryRun run;
    private final Fences fences;
    private final FirstWriteWatch firstWrites;
    private final Circumstances circumstances;
    private final ReceiverStop stops;
    private final Map<InstanceKey, String> banned = new HashMap<>();
    private GtidSet seenReceived = GtidSet.empty();

    DeadPrimaryRecovery(RecoveryRun run, Fences fences, FirstWriteWatch firstWrites, Circumstances circumstances) {
        this.run = run;
        this.fences = fences;
        this.firstWrites = firstWrites;
        this.circumstances = circumstances;
        this.stops = new ReceiverStop(run);
        banned.putAll(run.order().leftAlone());
    }

    /**
     * Runs it to its end.
     *
     * @param fleet the picture it was decided on, read after the locks were taken
     * @return whether somebody was promoted
     */
    boolean run(Fleet fleet) {
        try {
            Promoted promoted = untilPromoted(fleet);
            afterPromotion(promoted);
            return true;
        } catch (RecoveryAborted e) {
            abort(Objects.requireNonNullElse(e.getMessage(), "aborted"));
        } catch (RuntimeException e) {
            failure.atError()
                    .addKeyValue("instance", run.order().failed())
                    .setCause(e)
                    .log("a recovery failed unexpectedly");
            if (run.keeper().current().promotedAt() != null) {
                run.keeper().error("after the promotion: " + e);
                return true;
            }
            abort("unexpected: " + e);
        } finally {
            run.executor().awaitInFlight(IN_FLIGHT);
        }
        return false;
    }

    private record Promoted(Instance primary, @Nullable FleetMember former, Choice choice) {}

    private Promoted untilPromoted(Fleet before) {
        stops.stop(before);
        Fleet fleet = stops.read();
        int attempts = 2 * run.order().replicas().size() + 2;
        for (int attempt = 1; attempt <= attempts; attempt++) {
            Choice choice = choose(fleet);
            InstanceKey chosen = Objects.requireNonNull(choice.chosen());
            try {
                Instance drained = new Drain(run).complete(fleet, choice, hasAlternative(fleet, choice));
                FleetMember former = before.member(run.order().failed()).orElse(null);
                Instance formerFacts = former == null ? null : former.instance();
                return new Promoted(new Promotion(run, fences).promote(drained, formerFacts), former, choice);
            } catch (CandidateFailed e) {
                String why = Objects.requireNonNullElse(e.getMessage(), "");
                run.log().note(Phases.CHOOSE, chosen, "cannot take over: " + why);
                run.keeper().error(chosen + " cannot take over: " + why);
                if (e.banned()) {
                    banned.put(e.candidate(), why);
                }
                fleet = readAgain();
            }
        }
        throw new RecoveryAborted("no replica could be brought to take over in " + attempts + " attempts");
    }

    private Choice choose(Fleet fleet) {
        run.mayGoOn();
        Lineage lineage = new Lineage(fleet, run.order().failed());
        for (InstanceKey key : run.order().replicas()) {
            seenReceived = seenReceived.union(lineage.lastKnownReceived(key));
        }
        Choice choice = CandidateChooser.choose(new ChoiceRequest(
                fleet,
                run.order().failed(),
                run.order().replicas(),
                run.order().rules(),
                banned,
                run.order().explicit(),
                true,
                seenReceived,
                ChoicePolicy.of(
                        run.ports().config(),
                        fleet,
                        run.order().failed(),
                        run.order().automatic())));
        choice.excluded().forEach((key, why) -> run.log().note(Phases.CHOOSE, key, "not chosen: " + why));
        run.log().note(Phases.CHOOSE, choice.chosen(), choice.explanation());
        if (choice.chosen() == null) {
            throw new RecoveryAborted(choice.explanation());
        }
        refuseToLoseWhatWasAcknowledged(fleet, choice);
        return choice;
    }

    /**
     * With semi-sync on, what a replica received may have been acknowledged to a client. As long as that replica stands
     * there and only cannot hand it on, a person has to say that it may be left behind.
     */
    private void refuseToLoseWhatWasAcknowledged(Fleet fleet, Choice choice) {
        boolean semiSync = fleet.instance(run.order().failed())
                .filter(i -> i.semiSync().sourceActive())
                .isPresent();
        List<InstanceKey> standing = choice.strandedIn().stream()
                .filter(k -> RecoveryRun.answering(fleet, k).isPresent())
                .toList();
        if (semiSync && run.order().automatic() && !standing.isEmpty()) {
            throw new RecoveryAborted("only " + standing + " received " + choice.stranded()
                    + ", which may have been acknowledged (semi-sync), and cannot hand it on: "
                    + standing.stream()
                            .map(k -> k + ": " + choice.excluded().getOrDefault(k, "cannot be followed"))
                            .toList()
                    + "; mend it, or order the recovery by hand");
        }
    }

    /** Whether another one could be promoted without being brought anything by the chosen one. */
    private boolean hasAlternative(Fleet fleet, Choice choice) {
        Lineage lineage = new Lineage(fleet, run.order().failed());
        return choice.ranking().stream()
                .filter(k -> !k.equals(choice.chosen()))
                .flatMap(k -> fleet.instance(k).stream())
                .anyMatch(i -> choice.target().isSubsetOf(lineage.received(i)));
    }

    /** After a candidate failed: stops what was started in between, and reads all again. */
    private Fleet readAgain() {
        run.mayGoOn();
        List<InstanceKey> ended =
                run.order().participants().stream().filter(stops::hasEnded).toList();
        Fleet fleet = run.read(ended, RecoveryRun.READ);
        Stage stage = run.planner().stopReceivers(fleet, ended);
        if (stage.steps().isEmpty()) {
            return fleet;
        }
        run.executor().perform(stage);
        run.mayGoOn();
        return run.read(ended, RecoveryRun.READ);
    }

    private void afterPromotion(Promoted promoted) {
        Instance primary = promoted.primary();
        FleetMember former = promoted.former();
        Losses losses = Losses.atPromotion(
                former == null ? null : former.instance(),
                former == null ? null : former.lastSeen(),
                primary.executedGtids(),
                promoted.choice().stranded(),
                promoted.choice().strandedIn());
        run.keeper()
                .edit(r -> r.successor(primary.key())
                        .successorAlias(primary.instanceAlias())
                        .successorCoordinates(primary.binlogCoordinates())
                        .promotedAt(run.ports().clock().instant())
                        .gtidsAtPromotion(primary.executedGtids())
                        .lostGtids(losses.gtids())
                        .lossNote(losses.note())
                        .successful(true));
        run.log().note(Phases.PROMOTE, primary.key(), "promoted. " + losses.note());
        circumstances.promoted(primary);
        firstWrites.watch(primary, run.keeper());
        // Whoever looks into the backend is to see the new primary before the last replica has been repointed.
        run.threads().execute(run.keeper()::saveIfPossible);
        new AfterPromotion(run, stops).follow(primary);
    }

    /** Replicas go on as they did. Without the right to act nothing is sent: who has it now restores. */
    private void abort(String why) {
        run.keeper().error(why);
        run.log().note(Phases.RESTORE, null, "given up: " + why);
        if (run.executor().isRightLost()) {
            return;
        }
        List<InstanceKey> told = stops.told();
        told.forEach(k -> stops.awaitEnd(k, IN_FLIGHT));
        new Restoration(run).restore(told);
    }
}
