package dev.orchestrator.engine.internal.core.candidate;

import static dev.orchestrator.engine.fleet.FleetBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.api.config.SemiSyncLossPolicy;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.api.model.ProbeFailure;
import dev.orchestrator.api.model.PromotionRule;
import dev.orchestrator.api.model.ReplicationThreadState;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What filters, versions, standing appliers and semi-sync do to a choice: a dead primary with replicas a, b and c. */
class ChoiceRulesTest {
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final String FILTER = "replicate-ignore-table=app.log";

    private final FleetBuilder fleet = new FleetBuilder(Instant.parse("2026-03-01T12:00:00Z"));
    private final Map<InstanceKey, PromotionRule> rules = new HashMap<>();
    private Set<String> accepted = Set.of();
    private boolean automatic = true;
    private SemiSyncLossPolicy loss = SemiSyncLossPolicy.REFUSE_IF_INFINITE;
    private @Nullable InstanceKey explicit;

    @BeforeEach
    void build() {
        fleet.primary("p")
                .replica("a", "p")
                .replica("b", "p")
                .replica("c", "p")
                .with(m -> m.executed(gtids("1-10")), "p", "a", "b", "c")
                .with(dead(), "p");
    }

    private static String gtids(String interval) {
        return MemberBuilder.uuid("p") + ":" + interval;
    }

    private static UnaryOperator<MemberBuilder> dead() {
        return m -> m.fails(ProbeFailure.Kind.REFUSED, Duration.ofSeconds(3));
    }

    private static UnaryOperator<MemberBuilder> filtered(String... filters) {
        return m -> m.channel(c -> c.filters(List.of(filters)));
    }

    private static UnaryOperator<MemberBuilder> version(String version) {
        return m -> m.version(version).executed(gtids("1-10"));
    }

    private static UnaryOperator<MemberBuilder> source(int waitFor, int clients, Duration timeout) {
        return m -> m.semiSync(new SemiSyncState(true, true, true, false, false, waitFor, timeout, clients));
    }

    private static UnaryOperator<MemberBuilder> acker() {
        return m -> m.semiSync(new SemiSyncState(true, false, false, true, true, 1, FOREVER, 0));
    }

    private static UnaryOperator<MemberBuilder> mustNot() {
        return m -> m.facts(f -> f.detectedPromotionRule(PromotionRule.MUST_NOT));
    }

    private Choice choose() {
        return CandidateChooser.choose(new ChoiceRequest(
                fleet.build(),
                key("p"),
                List.of(),
                List.of(key("a"), key("b"), key("c")),
                rules,
                Map.of(),
                explicit,
                false,
                GtidSet.empty(),
                new ChoicePolicy(automatic, accepted, loss)));
    }

    @Test
    void aFilteredReplicaIsNeverChosenByItself() {
        fleet.with(filtered(FILTER), "a", "b").with(m -> m.facts(f -> f.binlogFilters(List.of("binlog-do-db=x"))), "c");
        Choice choice = choose();
        assertThat(choice.chosen()).isNull();
        assertThat(choice.explanation()).contains(FILTER, "binlog-do-db=x");
    }

    @Test
    void aFilteredReplicaIsChosenByAPersonsOrderAndItIsSaid() {
        fleet.with(filtered(FILTER), "a");
        explicit = key("a");
        automatic = false;
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key("a"));
        assertThat(choice.explanation()).contains(FILTER, "missing");
        assertThat(choice.cannotFollow()).containsOnlyKeys(key("b"), key("c"));
    }

    @ParameterizedTest
    @CsvSource({
        "replicate-ignore-db=mysql, true",
        "replicate-ignore-table=mysql.user, true",
        "replicate-wild-ignore-table=performance\\_schema.%, true",
        "binlog-ignore-db=sys, true",
        "replicate-do-db=mysql, false",
        "replicate-wild-ignore-table=my%.%, false",
        "replicate-ignore-db=app, false",
        "replicate-rewrite-db=(a;b), false"
    })
    void filtersThatOnlyIgnoreSystemSchemasDoNotCount(String filter, boolean harmless) {
        fleet.with(filtered(filter), "a");
        assertThat(choose().excluded().containsKey(key("a"))).isEqualTo(!harmless);
    }

    @Test
    void acceptedFiltersDoNotCount() {
        fleet.with(filtered(FILTER), "a");
        accepted = Set.of(FILTER);
        assertThat(choose().chosen()).isEqualTo(key("a"));
    }

    @Test
    void aFilteredReplicaBringsNobodyWhatItReceived() {
        fleet.with(filtered(FILTER), "a").with(m -> m.retrieved(gtids("11-12")), "a");
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key("b"));
        assertThat(choice.catchUpFrom()).isNull();
        assertThat(choice.strandedIn()).containsExactly(key("a"));
    }

    @Test
    void onlyTheFitOnesCountForTheMajorityOfVersions() {
        fleet.with(mustNot(), "b", "c").with(version("8.4.2"), "a");
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key("a"));
        assertThat(choice.cannotFollow()).containsOnlyKeys(key("b"), key("c"));
        assertThat(choice.explanation()).contains("no way back");
    }

    @Test
    void aNewerOneThatAloneHoldsEverythingIsPromoted() {
        fleet.with(version("8.4.2"), "a").with(m -> m.retrieved(gtids("11-12")), "a");
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key("a"));
        assertThat(choice.stranded().isEmpty()).isTrue();
        assertThat(choice.cannotFollow()).containsOnlyKeys(key("b"), key("c"));
    }

    @Test
    void aRicherFormatIsPromotedOnlyWhenItAloneHoldsEverything() {
        fleet.with(m -> m.facts(f -> f.binlogFormat("MIXED")), "b", "c");
        assertThat(choose().excluded().get(key("a"))).contains("binlog_format");
        fleet.with(m -> m.retrieved(gtids("11-12")), "a");
        assertThat(choose().chosen()).isEqualTo(key("a"));
    }

    @Test
    void aNewerOneWhoseCommitsNobodyCouldAcknowledgeIsNotPromoted() {
        fleet.with(version("8.4.2"), "a")
                .with(acker(), "a", "b", "c")
                .with(source(1, 3, FOREVER), "p")
                .with(m -> m.retrieved(gtids("11-12")), "a");
        assertThat(choose().excluded().get(key("a"))).contains("semi-sync");
    }

    /** It ends below whoever is chosen, too. */
    @Test
    void aReplicaOfADeadReplicaCountsAmongThoseThatAPurgeCutsOff() {
        fleet.replica("d", "c")
                .with(dead(), "c")
                .with(m -> m.executed(gtids("1-3")), "d")
                .with(m -> m.facts(f -> f.purgedGtids(GtidSet.parse(gtids("1-8")))), "a");
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key("b"));
        assertThat(choice.excluded().get(key("a"))).contains("purged binary logs", "d:3306");
    }

    /** Nobody else could be chosen: then it is said that it is lost. */
    @Test
    void aReplicaOfADeadReplicaThatCannotFollowIsNamed() {
        fleet.replica("d", "c")
                .with(dead(), "c")
                .with(m -> m.executed(gtids("1-3")), "d")
                .with(m -> m.facts(f -> f.purgedGtids(GtidSet.parse(gtids("1-8")))), "a", "b");
        Choice choice = choose();
        assertThat(choice.cannotFollow()).containsOnlyKeys(key("d"));
    }

    @Test
    void aStandingApplierIsStartedAndWhatAForbiddenOneHoldsIsBrought() {
        fleet.with(mustNot(), "b", "c")
                .with(m -> m.channel(c -> c.applier(ReplicationThreadState.STOPPED)), "a")
                .with(m -> m.retrieved(gtids("11-12")), "b");
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key("a"));
        assertThat(choice.catchUpFrom()).isEqualTo(key("b"));
        assertThat(choice.startApplier()).isTrue();
        assertThat(choice.target()).isEqualTo(GtidSet.parse(gtids("1-12")));
    }

    @ParameterizedTest
    @CsvSource({
        // wait count, connected, timeout in s, how many ackers are silent, policy, promoted
        "1, 1, 99999999, 1, REFUSE_IF_INFINITE, false",
        "1, 2, 99999999, 1, REFUSE_IF_INFINITE, false",
        "1, 2, 99999999, 0, REFUSE_IF_INFINITE, true",
        "2, 2, 99999999, 1, REFUSE_IF_INFINITE, true",
        "2, 2, 99999999, 2, REFUSE_IF_INFINITE, false",
        "1, 1, 10, 1, REFUSE_IF_INFINITE, true",
        "1, 1, 10, 1, REFUSE, false",
        "1, 1, 99999999, 1, PROMOTE, true",
        "1, 0, 99999999, 1, REFUSE, true",
    })
    void whatOnlySilentOnesAcknowledgedIsNotGivenUp(
            int waitFor, int connected, long timeout, int silent, SemiSyncLossPolicy policy, boolean promoted) {
        String[] ackers = connected == 2 || silent == 2 ? new String[] {"a", "b"} : new String[] {"a"};
        fleet.with(acker(), ackers).with(source(waitFor, connected, Duration.ofSeconds(timeout)), "p");
        for (int i = 0; i < silent; i++) {
            fleet.with(dead(), ackers[i]);
        }
        loss = policy;
        assertThat(choose().chosen() != null).isEqualTo(promoted);
    }

    @Test
    void aRefusalForSemiSyncSaysWhoMayHaveItAndAPersonMayOverrideIt() {
        fleet.with(acker(), "a").with(source(1, 1, FOREVER), "p").with(dead(), "a");
        assertThat(choose().explanation())
                .contains(key("a").toString(), gtids("1-10"), "by hand", "SemiSyncLossPolicy", "waited for 1");
        automatic = false;
        Choice choice = choose();
        assertThat(choice.chosen()).isEqualTo(key("b"));
        assertThat(choice.explanation()).contains("acknowledged transactions may be only there");
    }

    @Test
    void anAckerThatNobodyKnowsIsASilentOne() {
        fleet.with(acker(), "a").with(source(1, 2, FOREVER), "p");
        assertThat(choose().explanation()).contains("1 unknown");
    }
}
