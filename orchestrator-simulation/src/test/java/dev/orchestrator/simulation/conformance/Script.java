package dev.orchestrator.simulation.conformance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A few steps on a primary and two replicas that hold the same and follow. */
final class Script {
    private final String name;
    private final Map<Member, Configuration> configured = new EnumMap<>(Member.class);
    private final List<Step> steps = new ArrayList<>();

    private Script(String name) {
        this.name = name;
        for (Member member : Member.values()) {
            configured.put(member, Configuration.of(member));
        }
    }

    static Script of(String name) {
        return new Script(name);
    }

    String name() {
        return name;
    }

    Configuration configuration(Member member) {
        return configured.getOrDefault(member, Configuration.of(member));
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    Script where(Member member, UnaryOperator<Configuration> change) {
        configured.put(member, change.apply(configuration(member)));
        return this;
    }

    Script where(UnaryOperator<Configuration> change) {
        for (Member member : Member.values()) {
            where(member, change);
        }
        return this;
    }

    Script then(Step... more) {
        steps.addAll(List.of(more));
        return this;
    }
}
