package dev.orchestrator.simulation.conformance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A few steps on a primary and two replicas that hold the same and follow. */
final class ConformanceScript {
    private final String name;
    private final Map<Member, OptionFile> configured = new EnumMap<>(Member.class);
    private final List<Step> steps = new ArrayList<>();

    private ConformanceScript(String name) {
        this.name = name;
        for (Member member : Member.values()) {
            configured.put(member, OptionFile.of(member));
        }
    }

    static ConformanceScript of(String name) {
        return new ConformanceScript(name);
    }

    String name() {
        return name;
    }

    OptionFile configuration(Member member) {
        return configured.getOrDefault(member, OptionFile.of(member));
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    ConformanceScript where(Member member, UnaryOperator<OptionFile> change) {
        configured.put(member, change.apply(configuration(member)));
        return this;
    }

    ConformanceScript where(UnaryOperator<OptionFile> change) {
        for (Member member : Member.values()) {
            where(member, change);
        }
        return this;
    }

    ConformanceScript then(Step... more) {
        steps.addAll(List.of(more));
        return this;
    }
}
