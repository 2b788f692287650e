package dev.orchestrator.standalone.engine;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Cases of which a usual run takes the sharpest ones, and a run with {@code -Dorchestrator.faults=all} every one. */
final class Series {
    private Series() {}

    static Stream<Arguments> of(List<?> sharpest, List<?> others) {
        Stream<?> cases = "all".equals(System.getProperty("orchestrator.faults"))
                ? Stream.concat(sharpest.stream(), others.stream())
                : sharpest.stream();
        return cases.map(Arguments::of);
    }
}
