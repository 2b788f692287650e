package dev.orchestrator.engine.internal.mysql;

import dev.orchestrator.api.model.InstanceKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The poll of one held connection: one batch, one round trip. When the server refuses a statement of it, the parts are
 * asked one by one, what was refused is left out from then on and its cost is said in the limitations; so is what could
 * not be read on an earlier connection. After {@value #TRY_AGAIN_AFTER} polls it is tried again, for a grant may have been
 * made.
 */
final class PollBatch {
    static final int TRY_AGAIN_AFTER = 120;

    private final ServerSession session;
    private final GatewayOptions options;
    private final PollReader reader;
    private final Map<PollPart, String> refused = new EnumMap<>(PollPart.class);
    private final UnreadParts unread;
    private List<PollPart> parts = List.of();
    private String sql = "";
    private SemiSyncNames semiSync = SemiSyncNames.NONE;
    private boolean group;
    private List<String> lacking = List.of();
    private int polls;

    /** {@code unread} is what earlier connections could not read. */
    PollBatch(ServerSession session, GatewayOptions options, UnreadParts unread) {
        this.session = session;
        this.options = options;
        this.unread = unread;
        this.reader = new PollReader(session);
    }

    /**
     * Asks the server everything.
     *
     * @throws SQLException when the way to the server broke, or it refused a part that is indispensable
     */
    PollFacts poll(InstanceKey key, Deadline deadline) throws SQLException {
        if (polls++ % TRY_AGAIN_AFTER == 0) {
            refused.clear();
            if (polls > 1) {
                unread.forget();
            }
            plan();
            checkPrivileges(deadline);
        }
        PollFacts facts;
        try {
            facts = unread.isSearching() ? askOneByOne(key, deadline) : askAtOnce(key, deadline);
            unread.found();
        } catch (SQLException e) {
            if (!Failures.isRefusal(e)) {
                throw e;
            }
            facts = askOneByOne(key, deadline);
        }
        discoverFeatures(facts, deadline);
        facts.limitations.addAll(lacking);
        for (Map.Entry<PollPart, String> part : refused.entrySet()) {
            facts.limitations.add(part.getKey().limitation(part.getValue()));
        }
        facts.limitations.addAll(unread.limitations());
        return facts;
    }

    private PollFacts askAtOnce(InstanceKey key, Deadline deadline) throws SQLException {
        return session.connection().query(sql, deadline, results -> {
            PollFacts facts = new PollFacts(key, session.version());
            for (PollPart part : parts) {
                reader.read(part, results.next(), facts);
            }
            return facts;
        });
    }

    private PollFacts askOneByOne(InstanceKey key, Deadline deadline) throws SQLException {
        PollFacts facts = new PollFacts(key, session.version());
        for (PollPart part : parts) {
            ask(part, facts, deadline);
        }
        plan();
        return facts;
    }

    private void ask(PollPart part, PollFacts facts, Deadline deadline) throws SQLException {
        unread.asking(part);
        try {
            session.connection().query(comment() + text(part), deadline, results -> {
                reader.read(part, results.next(), facts);
                return true;
            });
        } catch (SQLException e) {
            if (!Failures.isRefusal(e) || part.indispensable()) {
                throw e;
            }
            refused.put(part, Failures.rootMessage(e));
        }
    }

    /** Plugins come and go while a server runs: the status tells, and what it makes askable is asked at once. */
    private void discoverFeatures(PollFacts facts, Deadline deadline) throws SQLException {
        SemiSyncNames names = SemiSyncNames.of(facts.status);
        boolean groupPlugin = facts.status.containsKey("group_replication_primary_member")
                || facts.status.containsKey("gr_all_consensus_proposals_count");
        if (names.equals(semiSync) && groupPlugin == group) {
            return;
        }
        boolean askSemiSync = !names.equals(semiSync) && names.available();
        boolean askGroup = groupPlugin && !group;
        semiSync = names;
        group = groupPlugin;
        refused.remove(PollPart.SEMI_SYNC);
        refused.remove(PollPart.GROUP);
        if (askSemiSync) {
            ask(PollPart.SEMI_SYNC, facts, deadline);
        }
        if (askGroup) {
            ask(PollPart.GROUP, facts, deadline);
        }
        plan();
    }

    private void checkPrivileges(Deadline deadline) throws SQLException {
        PrivilegeCheck check = PrivilegeCheck.of(session, comment(), deadline);
        lacking = check.limitations();
        if (check.processRefusal() != null) {
            refused.put(PollPart.PROCESS_LIST, check.processRefusal());
            plan();
        }
    }

    private void plan() {
        List<PollPart> planned = new ArrayList<>();
        StringBuilder batch = new StringBuilder(comment());
        for (PollPart part : PollPart.values()) {
            String text = refused.containsKey(part) || unread.contains(part) ? null : text(part);
            if (text != null) {
                batch.append(planned.isEmpty() ? "" : "; ").append(text);
                planned.add(part);
            }
        }
        parts = List.copyOf(planned);
        sql = batch.toString();
    }

    /** The statement of a part, null when this server need not be asked. */
    private @Nullable String text(PollPart part) {
        ReplicationDialect dialect = session.dialect();
        return switch (part) {
            case VARIABLES -> dialect.variables();
            case CHANNELS -> dialect.channels();
            case STATUS -> dialect.globalStatus();
            case BINARY_LOG -> dialect.binaryLogStatus();
            case REGISTERED_REPLICAS -> options.discoverByShowReplicas() ? dialect.registeredReplicas() : null;
            case PROCESS_LIST -> dialect.dumpThreads(session.performanceSchema());
            case CREDENTIALS -> dialect.storedCredentials();
            case SEMI_SYNC -> semiSync.available() ? dialect.semiSync(semiSync) : null;
            case GROUP -> group ? dialect.group() : null;
        };
    }

    private String comment() {
        return "/* " + options.programName() + " poll */ ";
    }
}
