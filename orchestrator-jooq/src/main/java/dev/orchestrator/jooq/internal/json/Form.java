package dev.orchestrator.jooq.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How values of one type look in a document. */
interface Form {
    /** Writes a value of that type. */
    void write(JsonGenerator json, Object value) throws IOException;

    /**
     * Reads the value whose first token was just read.
     *
     * @param byDefault what holds where the value is of no use, as one that a newer program wrote
     * @return null when there is neither
     */
    @Nullable
    Object read(JsonParser parser, @Nullable Object byDefault) throws IOException;
}
