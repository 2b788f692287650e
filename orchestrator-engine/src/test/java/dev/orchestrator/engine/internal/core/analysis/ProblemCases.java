package dev.orchestrator.engine.internal.core.analysis;

import static dev.orchestrator.api.analysis.AnalysisCode.*;
import static dev.orchestrator.api.model.ProbeFailure.Kind.*;
import static dev.orchestrator.api.model.ReplicationThreadState.CONNECTING;
import static dev.orchestrator.api.model.ReplicationThreadState.RUNNING;
import static dev.orchestrator.api.model.ReplicationThreadState.STOPPED;
import static dev.orchestrator.engine.fleet.FleetBuilder.key;

import dev.orchestrator.api.analysis.AnalysisCode;
import dev.orchestrator.api.model.GtidSet;
import dev.orchestrator.api.model.SemiSyncState;
import dev.orchestrator.engine.fleet.FleetBuilder;
import dev.orchestrator.engine.fleet.MemberBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Named cases: a fleet, and what is to be found about one of its servers. */
final class ProblemCases {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final AnalysisPolicy POLICY = new AnalysisPolicy(
            Duration.ofSeconds(10),
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            false,
            false);
    static final AnalysisPolicy STRICT = new AnalysisPolicy(
            Duration.ofSeconds(10), Duration.ofSeconds(8), Duration.ofSeconds(30), Duration.ofSeconds(10), true, true);
    private static final Duration SINCE = Duration.ofSeconds(3);

    private ProblemCases() {}

    /** A case. */
    record Case(
            String name,
            String instance,
            AnalysisCode expected,
            FleetBuilder fleet,
            DetectionHistory history,
            AnalysisPolicy policy) {
        Case given(DetectionHistory more) {
            return new Case(name, instance, expected, fleet, more, policy);
        }

        Case under(AnalysisPolicy other) {
            return new Case(name, instance, expected, fleet, history, other);
        }

        @Override
        public String toString() {
            return expected + ": " + name;
        }
    }

    private static Case of(String name, String instance, AnalysisCode expected, FleetBuilder fleet) {
        return new Case(name, instance, expected, fleet, DetectionHistory.NONE, POLICY);
    }

    /** p with r1, r2, r3; all well. */
    static FleetBuilder star() {
        return new FleetBuilder(NOW)
                .primary("p")
                .replica("r1", "p")
                .replica("r2", "p")
                .replica("r3", "p");
    }

    /** p with i, i with r1, r2. */
    static FleetBuilder chain() {
        return new FleetBuilder(NOW)
                .primary("p")
                .replica("i", "p")
                .replica("r1", "i")
                .replica("r2", "i");
    }

    /** a and b replicate from each other, a is writable, r1 below a. */
    static FleetBuilder ring() {
        return new FleetBuilder(NOW)
                .add("a", m -> m.writable().replicaOf("b"))
                .replica("b", "a")
                .replica("r1", "a");
    }

    static UnaryOperator<MemberBuilder> gone() {
        return m -> m.fails(REFUSED, SINCE);
    }

    static UnaryOperator<MemberBuilder> frozen() {
        return m -> m.fails(TIMEOUT, SINCE);
    }

    static UnaryOperator<MemberBuilder> lost() {
        return m -> m.receiver(CONNECTING);
    }

    static UnaryOperator<MemberBuilder> stopped() {
        return m -> m.receiver(STOPPED);
    }

    private static UnaryOperator<MemberBuilder> lagging(int seconds) {
        return m -> m.channel(c -> c.lag(Duration.ofSeconds(seconds)));
    }

    private static UnaryOperator<MemberBuilder> semiSync(int waitFor, int clients, boolean active) {
        return m ->
                m.semiSync(new SemiSyncState(true, true, active, false, false, waitFor, Duration.ofHours(1), clients));
    }

    static List<Case> all() {
        return java.util.stream.Stream.of(
                        deadPrimary(),
                        freshness(),
                        frozenPrimary(),
                        livingPrimary(),
                        semiSync(),
                        coPrimary(),
                        intermediate(),
                        firstTier())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> deadPrimary() {
        return List.of(
                of("all is well", "p", NO_PROBLEM, star()),
                of(
                        "killed, all replicas lost it",
                        "p",
                        DEAD_PRIMARY,
                        star().with(gone(), "p").with(lost(), "r1", "r2", "r3")),
                of(
                        "killed, one replica is still connected",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p").with(lost(), "r1", "r2")),
                of(
                        "killed, a broken applier does not make a connected receiver agree",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p")
                                .with(lost(), "r1", "r2")
                                .with(m -> m.channel(c -> c.applier(STOPPED)), "r3")),
                of(
                        "killed, one replica stopped by people, one lost it",
                        "p",
                        DEAD_PRIMARY,
                        star().with(gone(), "p").with(lost(), "r1").with(stopped(), "r2", "r3")),
                of(
                        "killed, all replicas stopped by people: nobody tried",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p").with(stopped(), "r1", "r2", "r3")),
                of(
                        "denies access, all replicas lost it",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(m -> m.fails(ACCESS_DENIED, SINCE), "p").with(lost(), "r1", "r2", "r3")),
                of(
                        "has too many connections, all replicas lost it",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(m -> m.fails(TOO_MANY_CONNECTIONS, SINCE), "p")
                                .with(lost(), "r1", "r2", "r3")),
                of(
                        "host name has no address any more, all replicas lost it",
                        "p",
                        DEAD_PRIMARY,
                        star().with(m -> m.fails(UNRESOLVABLE, SINCE), "p").with(lost(), "r1", "r2", "r3")),
                of(
                        "killed, one replica too",
                        "p",
                        DEAD_PRIMARY_AND_SOME_REPLICAS,
                        star().with(gone(), "p", "r1").with(lost(), "r2", "r3")),
                of(
                        "killed, one replica too, one still connected",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p", "r1").with(lost(), "r2")),
                of(
                        "killed, one replica too, the other stopped",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p", "r1").with(stopped(), "r2", "r3")),
                of("everything killed", "p", DEAD_PRIMARY_AND_REPLICAS, star().with(gone(), "p", "r1", "r2", "r3")),
                of(
                        "all replicas deny access",
                        "p",
                        DEAD_PRIMARY_AND_REPLICAS,
                        star().with(gone(), "p").with(m -> m.fails(ACCESS_DENIED, SINCE), "r1", "r2", "r3")),
                of(
                        "killed, without replicas",
                        "p",
                        DEAD_PRIMARY_WITHOUT_REPLICAS,
                        new FleetBuilder(NOW).primary("p").with(gone(), "p")),
                of(
                        "without replicas and never seen",
                        "p",
                        NO_PROBLEM,
                        new FleetBuilder(NOW).primary("p").with(gone(), "p").with(MemberBuilder::neverSeen, "p")),
                of(
                        "without replicas, denies access",
                        "p",
                        NO_PROBLEM,
                        new FleetBuilder(NOW).primary("p").with(m -> m.fails(ACCESS_DENIED, SINCE), "p")),
                of(
                        "never seen, its replicas lost it",
                        "p",
                        DEAD_PRIMARY,
                        star().with(gone(), "p")
                                .with(MemberBuilder::neverSeen, "p")
                                .with(lost(), "r1", "r2", "r3")),
                of(
                        "killed, all connected replicas lag",
                        "p",
                        UNREACHABLE_PRIMARY_WITH_LAGGING_REPLICAS,
                        star().with(gone(), "p").with(lagging(11), "r1", "r2", "r3")),
                of(
                        "killed, lag at the threshold is no lag",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p").with(lagging(11), "r1", "r2").with(lagging(10), "r3")),
                of(
                        "killed, all lag because all are delayed",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p")
                                .with(lagging(11), "r1", "r2", "r3")
                                .with(m -> m.channel(c -> c.configuredDelay(Duration.ofHours(1))), "r1", "r2", "r3")),
                of(
                        "killed, lagging replicas lost it",
                        "p",
                        DEAD_PRIMARY,
                        star().with(gone(), "p")
                                .with(lagging(11), "r1", "r2", "r3")
                                .with(lost(), "r1", "r2", "r3")));
    }

    private static List<Case> freshness() {
        FleetBuilder allLost = star().with(gone(), "p").with(lost(), "r1", "r2", "r3");
        return List.of(
                of(
                        "a replica was last read before the failure",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p")
                                .with(lost(), "r1", "r2", "r3")
                                .with(m -> m.readAgo(SINCE.plusMillis(1)), "r3")),
                of(
                        "a replica was read at the moment the failure began",
                        "p",
                        DEAD_PRIMARY,
                        star().with(gone(), "p").with(lost(), "r1", "r2", "r3").with(m -> m.readAgo(SINCE), "r3")),
                of(
                        "a stale connected reading does not contradict, it waits",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(gone(), "p")
                                .with(lost(), "r1", "r2")
                                .with(m -> m.readAgo(Duration.ofSeconds(4)), "r3")),
                of(
                        "a reading after the failure but too old says nothing",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(m -> m.fails(REFUSED, Duration.ofMinutes(1)), "p")
                                .with(lost(), "r1", "r2", "r3")
                                .with(m -> m.readAgo(Duration.ofMillis(8001)), "r3")),
                of(
                        "a reading at the limit still counts",
                        "p",
                        DEAD_PRIMARY,
                        star().with(m -> m.fails(REFUSED, Duration.ofMinutes(1)), "p")
                                .with(lost(), "r1", "r2", "r3")
                                .with(m -> m.readAgo(Duration.ofMillis(8000)), "r3")),
                of("all agree", "p", DEAD_PRIMARY, allLost));
    }

    /** Marks were taken two seconds ago, one second after the failure began; readings are one second old. */
    private static DetectionHistory frozenTestimony(boolean lostSource, Duration testedAgo, String... marked) {
        Map<dev.orchestrator.api.model.InstanceKey, DetectionHistory.Mark> marks = new java.util.HashMap<>();
        for (String name : marked) {
            marks.put(key(name), mark(Duration.ofSeconds(2), false));
        }
        return new DetectionHistory(
                Map.of(key("p"), marks),
                List.of(new ReceiverTest(
                        key("p"),
                        key("r1"),
                        NOW.minus(testedAgo),
                        lostSource ? ReceiverTest.Outcome.LOST : ReceiverTest.Outcome.FOUND)),
                Map.of(),
                Map.of());
    }

    private static DetectionHistory.Mark mark(Duration ago, boolean lost) {
        return new DetectionHistory.Mark(NOW.minus(ago), GtidSet.empty(), null, lost, null);
    }

    private static List<Case> frozenPrimary() {
        Duration tested = Duration.ofMillis(1500);
        return List.of(
                of("frozen, all believe to be connected", "p", UNREACHABLE_PRIMARY, star().with(frozen(), "p")),
                of(
                                "frozen, a tested replica lost it, the others got nothing since",
                                "p",
                                DEAD_PRIMARY,
                                star().with(frozen(), "p").with(lost(), "r1"))
                        .given(frozenTestimony(true, tested, "r2", "r3")),
                of(
                                "frozen, tested, but one replica received something since",
                                "p",
                                UNREACHABLE_PRIMARY,
                                star().with(frozen(), "p")
                                        .with(lost(), "r1")
                                        .with(m -> m.retrieved(MemberBuilder.uuid("p") + ":1-5"), "r3"))
                        .given(frozenTestimony(true, tested, "r2", "r3")),
                of(
                                "frozen, tested, but one replica was read only once since",
                                "p",
                                UNREACHABLE_PRIMARY,
                                star().with(frozen(), "p").with(lost(), "r1"))
                        .given(frozenTestimony(true, tested, "r2")),
                of(
                                "a test made before the failure says nothing",
                                "p",
                                UNREACHABLE_PRIMARY,
                                star().with(frozen(), "p").with(lost(), "r1"))
                        .given(frozenTestimony(true, SINCE.plusMillis(1), "r2", "r3")),
                of(
                                "a test made when the failure began counts",
                                "p",
                                DEAD_PRIMARY,
                                star().with(frozen(), "p").with(lost(), "r1"))
                        .given(frozenTestimony(true, SINCE, "r2", "r3")),
                of("the tested replica found its source", "p", UNREACHABLE_PRIMARY, star().with(frozen(), "p"))
                        .given(frozenTestimony(false, tested, "r2", "r3")),
                of(
                                "the tested replica had lost it and is connected again",
                                "p",
                                UNREACHABLE_PRIMARY,
                                star().with(frozen(), "p"))
                        .given(frozenTestimony(true, tested, "r2", "r3")),
                of(
                        "an untested replica lost it by itself, which mutes nobody",
                        "p",
                        UNREACHABLE_PRIMARY,
                        star().with(frozen(), "p").with(lost(), "r1")),
                of(
                                "receivers that had lost it were stopped meanwhile",
                                "p",
                                DEAD_PRIMARY,
                                star().with(gone(), "p").with(stopped(), "r1", "r2", "r3"))
                        .given(new DetectionHistory(
                                Map.of(key("p"), Map.of(key("r1"), mark(Duration.ofSeconds(2), true))),
                                List.of(),
                                Map.of(),
                                Map.of())),
                of(
                                "a receiver that had lost it is connected again",
                                "p",
                                UNREACHABLE_PRIMARY,
                                star().with(gone(), "p")
                                        .with(lost(), "r1", "r2")
                                        .with(m -> m.receiver(RUNNING), "r3"))
                        .given(new DetectionHistory(
                                Map.of(key("p"), Map.of(key("r3"), mark(Duration.ofSeconds(2), true))),
                                List.of(),
                                Map.of(),
                                Map.of())));
    }

    private static List<Case> livingPrimary() {
        FleetBuilder readOnly = star().with(m -> m.facts(f -> f.readOnly(true)), "p");
        return List.of(
                of("read-only primary is a warning", "p", NO_PROBLEM, readOnly),
                of("read-only primary is a problem when it is to be recovered", "p", NO_WRITEABLE_PRIMARY, readOnly)
                        .under(STRICT),
                of(
                                "read-only primary whose replicas do not replicate",
                                "p",
                                ALL_PRIMARY_REPLICAS_NOT_REPLICATING,
                                star().with(m -> m.facts(f -> f.readOnly(true)), "p")
                                        .with(stopped(), "r1", "r2", "r3"))
                        .under(STRICT),
                of(
                        "its only replica is stopped",
                        "p",
                        PRIMARY_SINGLE_REPLICA_NOT_REPLICATING,
                        new FleetBuilder(NOW).primary("p").replica("r1", "p").with(stopped(), "r1")),
                of(
                        "its only replica replicates",
                        "p",
                        NO_PROBLEM,
                        new FleetBuilder(NOW).primary("p").replica("r1", "p")),
                of(
                        "its only replica has a reading too old to say anything",
                        "p",
                        NO_PROBLEM,
                        new FleetBuilder(NOW)
                                .primary("p")
                                .replica("r1", "p")
                                .with(m -> m.readAgo(Duration.ofMillis(8001)), "r1")),
                of(
                        "its only replica is dead",
                        "p",
                        PRIMARY_SINGLE_REPLICA_DEAD,
                        new FleetBuilder(NOW).primary("p").replica("r1", "p").with(gone(), "r1")),
                of(
                        "no replica replicates",
                        "p",
                        ALL_PRIMARY_REPLICAS_NOT_REPLICATING,
                        star().with(stopped(), "r1", "r2", "r3")),
                of(
                        "nobody has polled for a while, as when no service runs",
                        "p",
                        NO_PROBLEM,
                        star().with(m -> m.readAgo(Duration.ofMinutes(5)), "p", "r1", "r2", "r3")),
                of(
                        "two replicas are stopped, the third was not read for a while",
                        "p",
                        NO_PROBLEM,
                        star().with(stopped(), "r1", "r2").with(m -> m.readAgo(Duration.ofMillis(8001)), "r3")),
                of("one replica replicates", "p", NO_PROBLEM, star().with(stopped(), "r1", "r2")),
                of(
                        "no replica replicates, one is dead",
                        "p",
                        ALL_PRIMARY_REPLICAS_NOT_REPLICATING_OR_DEAD,
                        star().with(gone(), "r1").with(stopped(), "r2", "r3")),
                of(
                        "one replica is dead, one replicates",
                        "p",
                        NO_PROBLEM,
                        star().with(gone(), "r1").with(stopped(), "r2")),
                of("all replicas are dead", "p", NO_PROBLEM, star().with(gone(), "r1", "r2", "r3")));
    }

    private static List<Case> semiSync() {
        DetectionHistory longAgo =
                new DetectionHistory(Map.of(), List.of(), Map.of(key("p"), NOW.minusSeconds(10)), Map.of());
        DetectionHistory justNow =
                new DetectionHistory(Map.of(), List.of(), Map.of(key("p"), NOW.minusMillis(9999)), Map.of());
        return List.of(
                of(
                                "waits for acknowledgements nobody gives",
                                "p",
                                LOCKED_SEMI_SYNC_PRIMARY,
                                star().with(semiSync(1, 0, true), "p"))
                        .given(longAgo),
                of(
                                "may wait for acknowledgements, not long enough to be sure",
                                "p",
                                LOCKED_SEMI_SYNC_PRIMARY_HYPOTHESIS,
                                star().with(semiSync(1, 0, true), "p"))
                        .given(justNow),
                of(
                                "has just as many semi-sync replicas as it waits for",
                                "p",
                                NO_PROBLEM,
                                star().with(semiSync(2, 2, true), "p"))
                        .under(STRICT),
                of("has fallen back to asynchronous", "p", NO_PROBLEM, star().with(semiSync(1, 0, false), "p"))
                        .given(longAgo),
                of(
                                "has more semi-sync replicas than wanted",
                                "p",
                                PRIMARY_WITH_TOO_MANY_SEMI_SYNC_REPLICAS,
                                star().with(semiSync(1, 2, true), "p"))
                        .under(STRICT),
                of(
                        "more semi-sync replicas than wanted do not matter by default",
                        "p",
                        NO_PROBLEM,
                        star().with(semiSync(1, 2, true), "p")));
    }

    private static List<Case> coPrimary() {
        return List.of(
                of("co-primary, all is well", "a", NO_PROBLEM, ring()),
                of(
                        "co-primary killed",
                        "a",
                        DEAD_CO_PRIMARY,
                        ring().with(gone(), "a").with(lost(), "b", "r1")),
                of(
                        "co-primary killed, a replica is still connected",
                        "a",
                        UNREACHABLE_CO_PRIMARY,
                        ring().with(gone(), "a").with(lost(), "b")),
                of(
                        "co-primary killed with a replica",
                        "a",
                        DEAD_CO_PRIMARY_AND_SOME_REPLICAS,
                        ring().with(gone(), "a", "r1").with(lost(), "b")),
                of(
                        "co-primary: nobody replicates from it",
                        "a",
                        ALL_CO_PRIMARY_REPLICAS_NOT_REPLICATING,
                        ring().with(stopped(), "b", "r1")),
                of("co-primary: one replicates from it", "a", NO_PROBLEM, ring().with(stopped(), "b")));
    }

    private static List<Case> intermediate() {
        FleetBuilder single =
                new FleetBuilder(NOW).primary("p").replica("i", "p").replica("r1", "i");
        return List.of(
                of("intermediate, all is well", "i", NO_PROBLEM, chain()),
                of(
                        "its only replica lost it",
                        "i",
                        DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT,
                        single.with(gone(), "i").with(lost(), "r1")),
                of(
                        "its only replica is stopped",
                        "i",
                        DEAD_INTERMEDIATE_SOURCE_WITH_SINGLE_REPLICA,
                        new FleetBuilder(NOW)
                                .primary("p")
                                .replica("i", "p")
                                .replica("r1", "i")
                                .with(gone(), "i")
                                .with(stopped(), "r1")),
                of(
                        "its only replica is connected",
                        "i",
                        UNREACHABLE_INTERMEDIATE_SOURCE,
                        new FleetBuilder(NOW)
                                .primary("p")
                                .replica("i", "p")
                                .replica("r1", "i")
                                .with(gone(), "i")),
                of(
                        "killed",
                        "i",
                        DEAD_INTERMEDIATE_SOURCE,
                        chain().with(gone(), "i").with(lost(), "r1", "r2")),
                of(
                        "killed, one replica connected",
                        "i",
                        UNREACHABLE_INTERMEDIATE_SOURCE,
                        chain().with(gone(), "i").with(lost(), "r1")),
                of(
                        "killed with a replica",
                        "i",
                        DEAD_INTERMEDIATE_SOURCE_AND_SOME_REPLICAS,
                        chain().with(gone(), "i", "r1").with(lost(), "r2")),
                of(
                        "killed with all replicas",
                        "i",
                        DEAD_INTERMEDIATE_SOURCE_AND_REPLICAS,
                        chain().with(gone(), "i", "r1", "r2")),
                of(
                        "silent, all replicas lag",
                        "i",
                        UNREACHABLE_INTERMEDIATE_SOURCE_WITH_LAGGING_REPLICAS,
                        chain().with(gone(), "i").with(lagging(11), "r1", "r2")),
                of(
                        "silent, one replica does not lag",
                        "i",
                        UNREACHABLE_INTERMEDIATE_SOURCE,
                        chain().with(gone(), "i").with(lagging(11), "r1")),
                of(
                        "lives, but its replicas do not find it",
                        "i",
                        ALL_INTERMEDIATE_SOURCE_REPLICAS_FAILING_TO_CONNECT_OR_DEAD,
                        chain().with(lost(), "r1", "r2")),
                of(
                        "lives, one replica does not find it, one is dead",
                        "i",
                        ALL_INTERMEDIATE_SOURCE_REPLICAS_FAILING_TO_CONNECT_OR_DEAD,
                        chain().with(lost(), "r1").with(gone(), "r2")),
                of(
                        "lives, one replica does not find it, one is stopped",
                        "i",
                        ALL_INTERMEDIATE_SOURCE_REPLICAS_NOT_REPLICATING,
                        chain().with(lost(), "r1").with(stopped(), "r2")),
                of(
                        "lives, its replicas are stopped",
                        "i",
                        ALL_INTERMEDIATE_SOURCE_REPLICAS_NOT_REPLICATING,
                        chain().with(stopped(), "r1", "r2")),
                of("lives, one replicates", "i", NO_PROBLEM, chain().with(stopped(), "r1")));
    }

    private static List<Case> firstTier() {
        return List.of(
                of(
                        "does not find its living source",
                        "r1",
                        FIRST_TIER_REPLICA_FAILING_TO_CONNECT,
                        star().with(lost(), "r1")),
                of("is stopped", "r1", NO_PROBLEM, star().with(stopped(), "r1")),
                of(
                        "does not find its dead source, which is the source's problem",
                        "r1",
                        NO_PROBLEM,
                        star().with(gone(), "p").with(lost(), "r1", "r2", "r3")),
                of("second tier does not find its source", "r1", NO_PROBLEM, chain().with(lost(), "r1")));
    }
}
