package dev.orchestrator.jooq.internal.store;

import static dev.orchestrator.jooq.internal.schema.Tables.NODE;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.val;

import dev.orchestrator.api.Node;
import dev.orchestrator.jooq.internal.connect.Db;
import dev.orchestrator.spi.NodeStore;
import java.time.Duration;
import java.util.List;
import org.jooq.Condition;

/** Services and commands that run. */
public final class JooqNodeStore implements NodeStore {
    private final Db db;

    /** A store in that backend. */
    public JooqNodeStore(Db db) {
        this.db = db;
    }

    @Override
    public void heartbeat(Node node) {
        db.writeRepeatably(
                "say that node " + node.hostname() + " lives",
                c -> c.insertInto(NODE)
                        .set(NODE.TOKEN, node.token())
                        .set(NODE.HOSTNAME, Texts.clip(node.hostname(), 255))
                        .set(NODE.VERSION, Texts.clip(node.version(), 100))
                        .set(NODE.COMMAND, Texts.clip(node.command(), 1000))
                        .set(NODE.BACKEND, Texts.clip(node.backend(), 300))
                        .set(NODE.SINCE, db.now())
                        .set(NODE.LAST_SEEN, db.now())
                        .onDuplicateKeyUpdate()
                        .set(NODE.LAST_SEEN, excluded(NODE.LAST_SEEN))
                        .execute());
    }

    @Override
    public void remove(String token) {
        db.writeRepeatably(
                "remove a node",
                c -> c.deleteFrom(NODE).where(NODE.TOKEN.eq(token)).execute());
    }

    @Override
    public List<Node> alive(Duration within) {
        return read("read the nodes", NODE.LAST_SEEN.ge(db.now().minus(val(Micros.span(within)))));
    }

    private List<Node> read(String what, Condition which) {
        return db.read(
                what,
                c -> c.selectFrom(NODE)
                        .where(which)
                        .orderBy(NODE.HOSTNAME, NODE.TOKEN)
                        .fetch(r -> new Node(
                                r.get(NODE.HOSTNAME),
                                r.get(NODE.TOKEN),
                                r.get(NODE.VERSION),
                                r.get(NODE.COMMAND),
                                r.get(NODE.BACKEND),
                                Micros.at(r.get(NODE.SINCE)),
                                Micros.at(r.get(NODE.LAST_SEEN)))));
    }

    @Override
    public List<Node> purge(Duration silentFor) {
        Condition silent = NODE.LAST_SEEN.lt(db.now().minus(val(Micros.span(silentFor))));
        return read("find nodes that vanished", silent).stream()
                .filter(node -> db.write(
                                "remove node " + node.hostname(),
                                c -> c.deleteFrom(NODE)
                                        .where(NODE.TOKEN.eq(node.token()), silent)
                                        .execute())
                        > 0)
                .toList();
    }
}
