package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.GtidSet;
import java.util.HashMap;
import java.util.Map;

/** Remembers the sets of the last poll by their text, so that a set that did not change is neither parsed nor kept twice. */
final class GtidCache {
    private final Map<String, Entry> last = new HashMap<>();

    private record Entry(String text, GtidSet set) {}

    GtidSet read(String role, String text) {
        Entry known = last.get(role);
        if (known == null || !known.text().equals(text)) {
            known = new Entry(text, GtidSet.parse(text));
            last.put(role, known);
        }
        return known.set();
    }
}
