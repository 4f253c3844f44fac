package io.mixgateway.platform.credit;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;

/**
 * The lives of nodes in the database: a node that starts begins a new one, with an epoch, keeps it by its heartbeat, and owns
 * its leases so long. Blocking.
 */
final class NodeStore {
    private final Database database;
    private final String node;

    NodeStore(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    /** This node is not the owner of its leases any more: another took over, or a twin was started on the same data. */
    static final class Fenced extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fenced() {
            super("another node took over the leases of this one");
        }
    }

    /** Begins a new life of this node and gives its epoch. */
    long register(Duration life) {
        return database.dsl(Pool.LEDGER).fetchSingle("""
                        insert into node (id, epoch, alive_until) values (?, 1, now() + ? * interval '1 millisecond')
                        on conflict (id) do update
                          set epoch = node.epoch + 1, started_at = now(), alive_until = excluded.alive_until
                        returning epoch""", node, life.toMillis()).get(0, Long.class);
    }

    /** @throws Fenced when the epoch is over */
    void heartbeat(long epoch, Duration life) {
        int rows = database.dsl(Pool.LEDGER)
                .execute(
                        "update node set alive_until = now() + ? * interval '1 millisecond' where id = ? and epoch = ?",
                        life.toMillis(),
                        node,
                        epoch);
        if (rows == 0) {
            throw new Fenced();
        }
    }

    /**
     * Gives everything back that this node leased in lives before {@code epoch}: at its start once the journal is booked,
     * and at its end. Later lives are left alone, so a statement that is carried out late takes nothing from them.
     */
    void releaseBefore(long epoch) {
        database.transact(Pool.LEDGER, dsl -> release(dsl, node, epoch));
    }

    /** Says that this node left, so that nobody waits for it. */
    void leave(long epoch) {
        database.dsl(Pool.LEDGER)
                .execute("update node set alive_until = now() where id = ? and epoch = ?", node, epoch);
    }

    /** Releases the leases of nodes that have been silent beyond their life and {@code grace}; gives their names. */
    List<String> releaseSilentNodes(Duration grace) {
        var silent =
                database.dsl(Pool.LEDGER).fetch("""
                        select id from node n where id <> ? and alive_until < now() - ? * interval '1 millisecond'
                          and exists (select from lease l where l.node_id = n.id) order by id limit 20""", node, grace.toMillis()).getValues(0, String.class);
        var released = new ArrayList<String>();
        for (String other : silent) {
            boolean done = database.transact(Pool.LEDGER, dsl -> {
                // The new epoch fences the node off, should it only have been slow: its next heartbeat is refused.
                int rows = dsl.execute("""
                        update node set epoch = epoch + 1 where id = ? and alive_until < now() - ? * interval '1 millisecond'""", other, grace.toMillis());
                if (rows > 0) {
                    release(dsl, other, Long.MAX_VALUE);
                }
                return rows > 0;
            });
            if (done) {
                released.add(other);
            }
        }
        return released;
    }

    private static int release(DSLContext dsl, String owner, long before) {
        dsl.fetch(
                "select id from budget where id in (select budget_id from lease where node_id = ? and epoch < ?)"
                        + LeaseStore.IN_ORDER,
                owner,
                before);
        return dsl.execute("""
                with gone as (delete from lease where node_id = ? and epoch < ? returning budget_id, amount)
                update budget set leased = leased - gone.amount from gone where budget.id = gone.budget_id""", owner, before);
    }
}
