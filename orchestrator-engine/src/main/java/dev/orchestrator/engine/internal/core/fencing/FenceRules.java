package dev.orchestrator.engine.internal.core.fencing;

import dev.orchestrator.api.model.Fleet;
import dev.orchestrator.api.model.FleetMember;
import dev.orchestrator.api.model.Instance;
import dev.orchestrator.api.recovery.RecoveryRecord;
import dev.orchestrator.api.recovery.RecoveryType;
import dev.orchestrator.engine.internal.core.fencing.FenceStep.FenceAction;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is to be done about a fence that stands. */
public final class FenceRules {
    private FenceRules() {}

    /**
     * Decides.
     *
     * @param view the fence and the snapshot
     * @param now what the snapshot shows of a rebuilding
     * @param before what an earlier snapshot showed of one, null when it showed none
     * @param apart how far apart two readings must be
     * @return what to do
     */
    public static FenceStep next(FenceView view, Rebuilding now, @Nullable Rebuilding before, Duration apart) {
        if (!view.recoveryIsOver()) {
            return new FenceStep(FenceAction.NOTHING, "its recovery is under way: whoever runs it sees to it");
        }
        if (now.isSeen()) {
            return before != null && isLater(now, before, apart)
                    ? new FenceStep(FenceAction.END, now.words())
                    : new FenceStep(
                            FenceAction.NOTHING, now.words() + "; it is free when the next reading shows that, too");
        }
        List<Instance> servers = view.servers().answering().stream()
                .flatMap(m -> m.facts().stream())
                .toList();
        if (servers.stream().anyMatch(Instance::isWritable)) {
            return new FenceStep(FenceAction.MAKE_READ_ONLY, "it is writable and must not be: " + now.words());
        }
        if (view.servers().isRebuilt()) {
            return new FenceStep(
                    FenceAction.NOTHING,
                    "another server answers as " + view.fence().instance() + " now; it did not come back");
        }
        return switch (view.fence().state()) {
            case PENDING -> new FenceStep(FenceAction.MAKE_READ_ONLY, "it was not made read-only yet");
            case FENCED -> new FenceStep(FenceAction.COMPARE, "it was not compared yet");
            case CLEAN, AHEAD ->
                !servers.isEmpty() && servers.stream().allMatch(i -> rejoined(view, i))
                        ? new FenceStep(FenceAction.LIFT, "it is a replica again")
                        : new FenceStep(FenceAction.NOTHING, now.words());
            case LIFTED -> new FenceStep(FenceAction.NOTHING, "it is lifted");
        };
    }

    /** Both servers were read anew since. */
    private static boolean isLater(Rebuilding now, Rebuilding before, Duration apart) {
        return before.readAt() != null
                && !Objects.requireNonNull(now.readAt())
                        .isBefore(before.readAt().plus(apart));
    }

    /**
     * Read-only, and a replica of somebody of its own cluster. A receiver that stands makes it none: it may be one of the
     * time before the server was the primary. After a switchover it may have been attached and left stopped, as ordered.
     */
    private static boolean rejoined(FenceView view, Instance instance) {
        Fleet fleet = view.fleet();
        RecoveryRecord recovery = view.recovery();
        boolean switchedOver = recovery != null && recovery.type() == RecoveryType.SWITCHOVER;
        Optional<FleetMember> member = fleet.member(instance.key());
        return instance.readOnly()
                && (switchedOver
                        || instance.mainChannel().filter(Rebuilding::receives).isPresent())
                && member.flatMap(fleet::sourceOf)
                        .filter(s -> s.cluster().equals(member.get().cluster()))
                        .isPresent();
    }
}
