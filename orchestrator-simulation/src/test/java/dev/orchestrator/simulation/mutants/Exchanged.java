package dev.orchestrator.simulation.mutants;

import java.lang.instrument.ClassDefinition;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Classes in the place of which others run, until this is closed. */
final class Exchanged implements AutoCloseable {
    private final ClassDefinition[] before;

    private Exchanged(List<ClassDefinition> before) {
        this.before = before.toArray(new ClassDefinition[0]);
    }

    /**
     * Exchanges those that differ.
     *
     * @param delivered as they are
     * @param others as they become
     * @return to be closed; empty when that cannot be done in a machine that runs: they declare something else, or are records
     */
    static Optional<Exchanged> by(Compiled delivered, Compiled others) throws ClassNotFoundException {
        List<ClassDefinition> before = new ArrayList<>();
        List<ClassDefinition> after = new ArrayList<>();
        if (!delivered.classes().keySet().equals(others.classes().keySet())) {
            return Optional.empty();
        }
        for (Map.Entry<String, byte[]> is : delivered.classes().entrySet()) {
            byte[] becomes = others.classes().get(is.getKey());
            if (!Arrays.equals(is.getValue(), becomes)) {
                Class<?> loaded = Class.forName(is.getKey());
                if (loaded.isRecord()) {
                    return Optional.empty();
                }
                before.add(new ClassDefinition(loaded, is.getValue()));
                after.add(new ClassDefinition(loaded, becomes));
            }
        }
        try {
            Agent.leave().redefineClasses(after.toArray(new ClassDefinition[0]));
        } catch (UnsupportedOperationException | UnmodifiableClassException e) {
            return Optional.empty();
        }
        return Optional.of(new Exchanged(before));
    }

    @Override
    public void close() {
        try {
            Agent.leave().redefineClasses(before);
        } catch (ClassNotFoundException | UnmodifiableClassException e) {
            throw new IllegalStateException("a mutant cannot be taken back", e);
        }
    }
}
