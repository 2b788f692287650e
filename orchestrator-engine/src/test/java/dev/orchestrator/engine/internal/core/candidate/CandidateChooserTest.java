package dev.orchestrator.engine.internal.core.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.SemiSyncLossPolicy;
import dev.orchestrator.api.model.ClusterId;
import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationChannel;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.api.model.ServerVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CandidateChooserTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final ClusterId CLUSTER = new ClusterId("c1");
    private static final InstanceKey PRIMARY = key(1);

    private final List<R> replicas = new ArrayList<>();
    private final Map<InstanceKey, PromotionRule> rules = new HashMap<>();
    private final Map<InstanceKey, String> banned = new HashMap<>();
    private @Nullable InstanceKey explicit;
    private GtidSet alsoReceived = GtidSet.empty();
    private String primaryExecuted = gtids("1-10").toString();

    private static InstanceKey key(int n) {
        return new InstanceKey("db" + n, 3306);
    }

    private static String uuid(int n) {
        return "00000000-0000-0000-0000-00000000000" + n;
    }

    private static GtidSet gtids(String interval) {
        return GtidSet.parse(uuid(1) + ":" + interval);
    }

    /** A replica; unless changed it has received and executed 1-10 and stands still, fit for anything. */
    private static final class R {
        final InstanceKey key;
        GtidSet executed = gtids("1-10");
        GtidSet retrieved = gtids("1-10");
        GtidSet purged = GtidSet.empty();
        boolean reachable = true;
        boolean logs = true;
        boolean autoPosition = true;
        String version = "8.0.31";
        String format = "ROW";
        String dataCenter = "";
        boolean semiSync;
        Duration delay = Duration.ZERO;
        int errno;
        ReplicationThreadState receiver = ReplicationThreadState.STOPPED;
        List<ReplicationChannel> more = List.of();

        R(InstanceKey key) {
            this.key = key;
        }

        FleetMember member() {
            List<ReplicationChannel> channels = new ArrayList<>(List.of(ReplicationChannel.builder(PRIMARY)
                    .autoPosition(autoPosition)
                    .receiver(receiver)
                    .applier(errno == 0 ? ReplicationThreadState.RUNNING : ReplicationThreadState.STOPPED)
                    .lastApplierErrno(errno)
                    .retrievedGtids(retrieved)
                    .configuredDelay(delay)
                    .build()));
            channels.addAll(more);
            Instance facts = Instance.builder(key, ServerVersion.parse(version, ""))
                    .serverUuid(uuid(key.hostname().charAt(2) - '0'))
                    .executedGtids(executed)
                    .purgedGtids(purged)
                    .binlogEnabled(logs)
                    .logReplicaUpdates(logs)
                    .binlogFormat(format)
                    .dataCenter(dataCenter)
                    .semiSync(new SemiSyncState(true, false, false, semiSync, semiSync, 0, Duration.ZERO, 0))
                    .channels(channels)
                    .build();
            ProbeFailure failure = reachable ? null : new ProbeFailure(ProbeFailure.Kind.REFUSED, "refused");
            return new FleetMember(key, CLUSTER, facts, NOW, NOW, failure, null, Duration.ZERO);
        }
    }

    private static final ChoicePolicy POLICY = new ChoicePolicy(true, Set.of(), SemiSyncLossPolicy.REFUSE_IF_INFINITE);

    private CandidateChooserTest replica(int n, Consumer<R> change) {
        R replica = new R(key(n));
        change.accept(replica);
        replicas.add(replica);
        return this;
    }

    private CandidateChooserTest replica(int n) {
        return replica(n, r -> {});
    }

    private Choice choose() {
        List<FleetMember> members = new ArrayList<>();
        Instance primary = Instance.builder(PRIMARY, ServerVersion.parse("8.0.31", ""))
                .serverUuid(uuid(1))
                .executedGtids(GtidSet.parse(primaryExecuted))
                .build();
        members.add(new FleetMember(
                PRIMARY,
                CLUSTER,
                primary,
                NOW,
                NOW,
                new ProbeFailure(ProbeFailure.Kind.REFUSED, "refused"),
                NOW,
                Duration.ZERO));
        replicas.forEach(r -> members.add(r.member()));
        return CandidateChooser.choose(new ChoiceRequest(
                Fleet.of(members, List.of(), Map.of()),
                PRIMARY,
                List.of(),
                replicas.stream().map(r -> r.key).toList(),
                rules,
                banned,
                explicit,
                true,
                alsoReceived,
                POLICY));
    }

    private void assertExcluded(Consumer<R> change, String reason) {
        replica(2, change);
        replica(3);
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key(3));
        assertThat(choice.excluded().get(key(2))).contains(reason);
    }

    @Test
    void amongEqualsTheFirstKeyIsChosen() {
        assertThat(replica(3).replica(2).choose().chosen()).isEqualTo(key(2));
    }

    @Test
    void whoDoesNotAnswerIsExcluded() {
        assertExcluded(r -> r.reachable = false, "does not answer");
    }

    @Test
    void whoDoesNotLogIsExcluded() {
        assertExcluded(r -> r.logs = false, "does not log");
    }

    @Test
    void whoDoesNotUseGtidIsExcluded() {
        assertExcluded(r -> r.autoPosition = false, "auto-position");
    }

    @Test
    void whoHasTransactionsOfItsOwnIsExcludedAndTheyAreNamed() {
        GtidSet own = GtidSet.parse(uuid(2) + ":1-3");
        assertExcluded(r -> r.executed = r.executed.union(own), own.toString());
    }

    @Test
    void whatBearsThePrimarysNameIsNotErrantEvenIfYoungerThanItsLastReading() {
        replica(2, r -> r.executed = gtids("1-20")).replica(3, r -> r.executed = gtids("1-20"));
        assertThat(choose().excluded()).isEmpty();
    }

    @Test
    void whatFormerPrimariesLeftIsNotErrant() {
        GtidSet old = GtidSet.parse(uuid(9) + ":1-100");
        primaryExecuted = gtids("1-10").union(old).toString();
        replica(2, r -> r.executed = gtids("1-10").union(old));
        assertThat(choose().chosen()).isEqualTo(key(2));
    }

    @Test
    void whoIsDelayedOnPurposeIsExcluded() {
        assertExcluded(r -> r.delay = Duration.ofHours(1), "3600 s");
    }

    @Test
    void whoseApplierIsBrokenIsExcluded() {
        assertExcluded(r -> r.errno = 1062, "1062");
    }

    @Test
    void whoseReceiverHasNotStoppedIsExcluded() {
        assertExcluded(r -> r.receiver = ReplicationThreadState.CONNECTING, "not stopped");
    }

    @Test
    void whoHasSeveralSourcesIsExcluded() {
        assertExcluded(
                r -> r.more =
                        List.of(ReplicationChannel.builder(key(9)).name("other").build()),
                "more than one source");
    }

    @Test
    void whoIsBannedIsExcludedWithTheGivenReason() {
        banned.put(key(2), "locked by alice");
        assertExcluded(r -> {}, "locked by alice");
    }

    @Test
    void whoMustNotIsExcludedWhereverTheRuleComesFrom() {
        rules.put(key(2), PromotionRule.MUST_NOT);
        assertExcluded(r -> {}, "must_not");
    }

    @Test
    void whoIsNewerThanMostIsExcluded() {
        replica(4);
        assertExcluded(r -> r.version = "8.4.2", "newer");
    }

    @Test
    void whoLogsInAFormatMostCannotFollowIsExcluded() {
        replica(3, r -> r.format = "MIXED").replica(4, r -> r.format = "MIXED").replica(2);
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key(3));
        assertThat(choice.excluded().get(key(2))).contains("binlog_format");
    }

    @Test
    void whoHasPurgedWhatASiblingNeedsIsExcludedWhileAnotherHasNot() {
        replica(4, r -> {
            r.executed = gtids("1-3");
            r.retrieved = gtids("1-3");
        });
        assertExcluded(r -> r.purged = gtids("1-8"), "purged");
    }

    @Test
    void aPurgeThatEveryCandidateSharesExcludesNobody() {
        replica(2, r -> r.purged = gtids("1-8")).replica(3, r -> r.purged = gtids("1-8"));
        replica(4, r -> {
            r.executed = gtids("1-3");
            r.retrieved = gtids("1-3");
        });
        assertThat(choose().chosen()).isEqualTo(key(2));
    }

    @Test
    void thePromotionRuleGoesBeforeEverythingElse() {
        rules.put(key(4), PromotionRule.PREFER);
        replica(2, r -> r.dataCenter = "").replica(4, r -> r.dataCenter = "far").replica(3);
        assertThat(choose().chosen()).isEqualTo(key(4));
    }

    @Test
    void whoHoldsEverythingGoesBeforeWhoIsNearer() {
        replica(2).replica(3, r -> {
            r.dataCenter = "far";
            r.retrieved = gtids("1-12");
        });
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key(3));
        assertThat(choice.catchUpFrom()).isNull();
    }

    @Test
    void theSameDataCenterThenSemiSyncThenWhatIsLeftToApplyDecides() {
        replica(2, r -> r.executed = gtids("1-9")).replica(3).replica(4, r -> r.dataCenter = "far");
        assertThat(choose().ranking()).containsExactly(key(3), key(2), key(4));
        replica(5, r -> r.semiSync = true);
        assertThat(choose().chosen()).isEqualTo(key(5));
    }

    @Test
    void aPreferredOneIsBroughtWhatAnotherReceived() {
        rules.put(key(2), PromotionRule.PREFER);
        replica(2).replica(3, r -> r.retrieved = gtids("1-15"));
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key(2));
        assertThat(choice.catchUpFrom()).isEqualTo(key(3));
        assertThat(choice.target()).isEqualTo(gtids("1-15"));
        assertThat(choice.stranded().isEmpty()).isTrue();
    }

    @Test
    void aForbiddenOneCanStillHandOn() {
        rules.put(key(3), PromotionRule.MUST_NOT);
        replica(2).replica(3, r -> r.retrieved = gtids("1-15"));
        assertThat(choose().catchUpFrom()).isEqualTo(key(3));
    }

    @Test
    void whoCannotBeBroughtItLeavesTheTurnToWhoHoldsIt() {
        rules.put(key(2), PromotionRule.PREFER);
        // Purged on the holder: the preferred one could not connect to it.
        replica(2, r -> {
            r.executed = gtids("1-5");
            r.retrieved = gtids("1-5");
        });
        replica(3, r -> {
            r.executed = gtids("1-15");
            r.purged = gtids("1-7");
        });
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key(3));
    }

    @Test
    void whatOnlyABrokenOneReceivedIsStrandedAndNamed() {
        replica(2).replica(3, r -> {
            r.retrieved = gtids("1-12");
            r.errno = 1062;
        });
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key(2));
        assertThat(choice.stranded()).isEqualTo(gtids("11-12"));
        assertThat(choice.strandedIn()).containsExactly(key(3));
        assertThat(choice.explanation()).contains(gtids("11-12").toString());
    }

    @Test
    void whatAReplicaHeldThatDiedMeanwhileIsStranded() {
        alsoReceived = gtids("1-11");
        assertThat(replica(2).choose().stranded()).isEqualTo(gtids("11"));
    }

    @Test
    void aPersonsChoiceGoesBeforeTheRules() {
        rules.put(key(3), PromotionRule.MUST);
        explicit = key(2);
        assertThat(replica(2).replica(3).choose().chosen()).isEqualTo(key(2));
    }

    @Test
    void aPersonsChoiceThatIsUnfitChoosesNobody() {
        explicit = key(2);
        Choice choice = replica(2, r -> r.logs = false).replica(3).choose();
        assertThat(choice.chosen()).isNull();
        assertThat(choice.explanation()).contains("db2:3306 cannot be promoted").contains("does not log");
    }

    @Test
    void aPersonsChoiceMustNotCostWhatAnotherWouldSave() {
        explicit = key(2);
        replica(2, r -> {
            r.executed = gtids("1-5");
            r.retrieved = gtids("1-5");
        });
        replica(3, r -> {
            r.executed = gtids("1-15");
            r.purged = gtids("1-7");
        });
        Choice choice = choose();
        assertThat(choice.chosen()).isNull();
        assertThat(choice.explanation()).contains(gtids("6-15").toString());
    }

    @Test
    void aStrangerCannotBeChosen() {
        explicit = key(9);
        assertThat(replica(2).choose().explanation()).contains("no direct replica");
    }

    @Test
    void noReplicaNoChoice() {
        assertThat(choose().chosen()).isNull();
    }

    /** Whoever is chosen reaches at least as much as anybody else who was fit; nothing received goes unnamed. */
    @Test
    void neverChoosesWhoWouldLoseMoreThanNecessary() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            replicas.clear();
            rules.clear();
            GtidSet everything = GtidSet.empty();
            int count = 1 + random.nextInt(5);
            for (int n = 2; n < 2 + count; n++) {
                int received = 10 + random.nextInt(6);
                int executed = received - random.nextInt(4);
                boolean logs = random.nextInt(6) > 0;
                int errno = random.nextInt(6) == 0 ? 1062 : 0;
                int purged = random.nextInt(12);
                rules.put(key(n), PromotionRule.values()[random.nextInt(PromotionRule.values().length)]);
                replica(n, r -> {
                    r.retrieved = gtids("1-" + received);
                    r.executed = gtids("1-" + executed);
                    r.logs = logs;
                    r.errno = errno;
                    r.purged = purged == 0 ? GtidSet.empty() : gtids("1-" + Math.min(purged, executed));
                    r.delay = random.nextInt(8) == 0 ? Duration.ofHours(1) : Duration.ZERO;
                });
                everything = everything.union(gtids("1-" + received));
            }
            Choice choice = choose();
            InstanceKey chosen = choice.chosen();
            assertThat(choice.ranking().isEmpty()).as("seed " + seed).isEqualTo(chosen == null);
            if (chosen == null) {
                continue;
            }
            assertThat(choice.target().union(choice.stranded()))
                    .as("seed " + seed)
                    .isEqualTo(everything);
            assertThat(choice.target().intersects(choice.stranded()))
                    .as("seed " + seed)
                    .isFalse();
            assertThat(rules.get(chosen)).as("seed " + seed).isNotEqualTo(PromotionRule.MUST_NOT);
            R picked = replicas.stream()
                    .filter(r -> r.key.equals(chosen))
                    .findFirst()
                    .orElseThrow();
            GtidSet missing = choice.target().minus(picked.executed.union(picked.retrieved));
            assertThat(missing.isEmpty()).as("seed " + seed).isEqualTo(choice.catchUpFrom() == null);
            for (InstanceKey other : choice.ranking()) {
                R o = replicas.stream()
                        .filter(r -> r.key.equals(other))
                        .findFirst()
                        .orElseThrow();
                assertThat(choice.target().contains(o.retrieved.union(o.executed))
                                || choice.stranded().isEmpty())
                        .as("seed " + seed + ": " + other + " holds more than is reached by " + chosen)
                        .isTrue();
            }
        }
    }
}
