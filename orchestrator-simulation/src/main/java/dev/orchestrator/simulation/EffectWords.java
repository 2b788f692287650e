package dev.orchestrator.simulation;

import dev.orchestrator.api.Fence;
import dev.orchestrator.api.model.InstanceKey;
import dev.orchestrator.engine.internal.core.procedure.Effect;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What procedures do, in words: a name by which a moment is called, and what somebody who is called at night wants to read. */
final class EffectWords {
    /** The virtual machine forgets simple names and puts them together anew. */
    private static final ClassValue<String> NAMES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return type.getSimpleName();
        }
    };

    /** Of all steps that there are: each is come to twice in each of thousands of worlds. */
    private static final Map<Step, String> STEPS = new ConcurrentHashMap<>();

    private final Map<String, Optional<InstanceKey>> named = new HashMap<>();

    private record Step(String phase, Class<?> command) {
        String name() {
            return phase + ": " + NAMES.get(command);
        }
    }

    /** What tells it from other moments of its procedure. */
    static String name(Effect effect) {
        String kind = NAMES.get(effect.getClass());
        return effect.match(new Otherwise<>(kind) {
            @Override
            public String run(Effect.Run it) {
                return STEPS.computeIfAbsent(
                        new Step(it.id().phase(), it.step().command().getClass()), Step::name);
            }
        });
    }

    /** What is done to a server or written into the record; nothing of what is only read, decided or awaited. */
    Optional<String> action(Effect effect) {
        return effect.match(new Otherwise<>(Optional.<String>empty()) {
            @Override
            public Optional<String> run(Effect.Run it) {
                return Optional.of(it.id().phase() + ": " + it.step().instance() + ": " + it.describe());
            }

            @Override
            public Optional<String> save(Effect.Save it) {
                return saved(it);
            }
        });
    }

    /** Only who is named, when it is somebody else than before. */
    private Optional<String> saved(Effect.Save it) {
        @Nullable InstanceKey successor = it.record().successor();
        Optional<InstanceKey> now = Optional.ofNullable(successor);
        Optional<InstanceKey> before = named.put(it.record().uid(), now);
        if (now.equals(before == null ? Optional.empty() : before)) {
            return Optional.empty();
        }
        String fences = it.fences().stream()
                .map(Fence::instance)
                .map(InstanceKey::toString)
                .collect(Collectors.joining(", "));
        return Optional.of("the record is to name "
                + (successor == null ? "no successor any more" : successor + " as successor")
                + (fences.isEmpty() ? "" : ", and a fence to stand on " + fences));
    }

    /** The same of everything, but for what is said otherwise. */
    private static class Otherwise<T> implements Effect.Cases<T> {
        private final T all;

        Otherwise(T all) {
            this.all = all;
        }

        @Override
        public T run(Effect.Run it) {
            return all;
        }

        @Override
        public T read(Effect.Read it) {
            return all;
        }

        @Override
        public T save(Effect.Save it) {
            return all;
        }

        @Override
        public T decide(Effect.Decide it) {
            return all;
        }

        @Override
        public T tell(Effect.Tell it) {
            return all;
        }

        @Override
        public T wake(Effect.Wake it) {
            return all;
        }

        @Override
        public T finish(Effect.Finish it) {
            return all;
        }
    }
}
