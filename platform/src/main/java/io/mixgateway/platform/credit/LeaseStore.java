package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * Leases of budgets in the database. Blocking. Whoever changes a lease holds the lock of its budget's row, and
 * locks of several budgets are taken {@link #IN_ORDER}.
 */
final class LeaseStore {
    /** Other nodes hear on this channel that somebody needs what they have free. */
    static final String RECALL = "lease_recall";

    /**
     * Credits before caps, each by their ids, in every transaction. A booking knows which caps it must lock only once it has
     * locked the credits.
     */
    static final String IN_ORDER = " order by kind = 'cap', id for update";

    private static final String LOCK = "select id from budget where id = any(?::bigint[])" + IN_ORDER;

    private final Database database;
    private final String node;

    LeaseStore(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    /**
     * Leases what {@code wants} ask for, each as far as its budget goes. With {@code recall}, asks other nodes to hand
     * back what they have free of a budget that did not suffice.
     *
     * @throws NodeStore.Fenced when the epoch is over; nothing was taken
     */
    List<Taken> take(long epoch, List<Want> wants, boolean recall) {
        return database.transact(Pool.LEDGER, dsl -> {
            if (dsl.fetch("select from node where id = ? and epoch = ? for share", node, epoch)
                    .isEmpty()) {
                throw new NodeStore.Fenced();
            }
            var ids = wants.stream().map(Want::budget).toArray(Long[]::new);
            var rows = dsl.fetch(
                            "select id, granted - spent as balance, granted + overdraft - spent - leased as available"
                                    + " from budget where id = any(?::bigint[])" + IN_ORDER,
                            (Object) ids)
                    .intoMap(row -> row.get(0, Long.class), row -> row);
            var taken = new ArrayList<Taken>();
            var inOrder = wants.stream()
                    .sorted(Comparator.comparingLong(Want::budget))
                    .toList();
            for (Want want : inOrder) {
                taken.add(take(dsl, epoch, want, requireNonNull(rows.get(want.budget())), recall));
            }
            return taken;
        });
    }

    private Taken take(DSLContext dsl, long epoch, Want want, Record budget, boolean recall) {
        long balance = budget.get(1, Long.class);
        long available = budget.get(2, Long.class);
        long slice = want.slice(available);
        long leased = 0;
        long version = 0;
        if (slice > 0) {
            dsl.execute("update budget set leased = leased + ? where id = ?", slice, want.budget());
            var lease = dsl.fetchSingle("""
                    insert into lease (node_id, budget_id, epoch, amount) values (?, ?, ?, ?)
                    on conflict (node_id, budget_id) do update set amount = lease.amount + excluded.amount,
                      epoch = excluded.epoch, version = nextval('lease_version')
                    returning amount, version""", node, want.budget(), epoch, slice);
            leased = lease.get(0, Long.class);
            version = lease.get(1, Long.class);
        }
        if (slice == 0) {
            // A slice whose taking was answered too late may be here already. It gets a new version, so that
            // handing it back, should that be under way, is not carried out behind our back.
            var lease = dsl.fetchOptional("""
                    update lease set version = nextval('lease_version')
                    where node_id = ? and budget_id = ? and epoch = ? returning amount, version""", node, want.budget(), epoch);
            if (lease.isPresent()) {
                leased = lease.get().get(0, Long.class);
                version = lease.get().get(1, Long.class);
            }
        }
        var elsewhere = slice < want.need() ? elsewhere(dsl, want.budget(), recall) : Elsewhere.NOTHING;
        return new Taken(
                want.budget(),
                slice,
                leased,
                version,
                balance,
                available - slice,
                elsewhere.awaited,
                elsewhere.stranded);
    }

    /** See {@link Taken}. */
    private record Elsewhere(long awaited, long stranded) {
        static final Elsewhere NOTHING = new Elsewhere(0, 0);
    }

    /**
     * Asks living nodes to hand back what they have free, and gives what those have that have not answered yet. A first
     * asking goes to all; later ones to those that have leased something since, perhaps ahead of a need. An answer tells what is held
     * then, so a lease whose whole amount is held has nothing to give.
     */
    private Elsewhere elsewhere(DSLContext dsl, long budget, boolean first) {
        int asked = dsl.execute("""
                update lease l set recalled = true from node n
                where n.id = l.node_id and n.alive_until > now() and l.budget_id = ? and l.node_id <> ? and l.amount > 0
                  and not l.recalled and (? or l.amount > l.held)""", budget, node, first);
        if (asked > 0) {
            Database.notify(dsl, RECALL, Long.toString(budget));
        }
        var row = dsl.fetchSingle("""
                select coalesce(sum(l.amount) filter (where n.alive_until > now() and l.recalled), 0)::bigint,
                  coalesce(sum(l.amount) filter (where n.alive_until <= now()), 0)::bigint
                from lease l join node n on n.id = l.node_id where l.budget_id = ? and l.node_id <> ?""", budget, node);
        return new Elsewhere(row.get(0, Long.class), row.get(1, Long.class));
    }

    /** Which of this node's budgets others need. */
    List<Long> recalled() {
        return database.dsl(Pool.LEDGER)
                .fetch("select budget_id from lease where node_id = ? and recalled", node)
                .getValues(0, Long.class);
    }

    /**
     * @param version of the lease when the amount was decided; a later one means that the hand-back is not done
     * @param held what is held of the budget then
     */
    record Return(long budget, long amount, long version, boolean answersRecall, long held) {}

    /** What the database says of a lease; {@code amount} is 0 when it is gone. */
    record LeaseState(long amount, long version) {}

    /**
     * Hands back. One whose lease has changed since is skipped, and a statement that was lost on the way and comes
     * late changes nothing, because the version it names is gone.
     */
    Map<Long, LeaseState> handBack(long epoch, List<Return> returns) {
        return database.transact(Pool.LEDGER, dsl -> {
            var ids = returns.stream().map(Return::budget).toArray(Long[]::new);
            dsl.fetch(LOCK, (Object) ids);
            var states = new HashMap<Long, LeaseState>();
            for (Return back : returns) {
                var row = dsl.fetchOptional(
                        """
                        update lease set amount = amount - ?, version = nextval('lease_version'),
                          recalled = recalled and not ?, held = ?
                        where node_id = ? and budget_id = ? and epoch = ? and version = ? and amount >= ?
                        returning amount, version""",
                        back.amount,
                        back.answersRecall,
                        back.held,
                        node,
                        back.budget,
                        epoch,
                        back.version,
                        back.amount);
                if (row.isPresent()) {
                    dsl.execute("update budget set leased = leased - ? where id = ?", back.amount, back.budget);
                    states.put(
                            back.budget,
                            new LeaseState(
                                    row.get().get(0, Long.class), row.get().get(1, Long.class)));
                }
            }
            // Only those: an empty lease that a lost flush left must be there when the flush is repeated.
            dsl.execute(
                    "delete from lease where node_id = ? and budget_id = any(?::bigint[]) and amount = 0 and held = 0",
                    node,
                    states.keySet().toArray(Long[]::new));
            return states;
        });
    }

    /** Tells what is held of each budget. */
    void report(Map<Long, Long> held) {
        database.dsl(Pool.LEDGER)
                .execute("""
                        with said as (select * from unnest(?::bigint[], ?::bigint[]) as s (budget, held)),
                        mine as (
                          select budget_id, said.held as now_held from lease join said on said.budget = budget_id
                          where node_id = ? order by budget_id for update of lease)
                        update lease set held = mine.now_held from mine
                        where lease.node_id = ? and lease.budget_id = mine.budget_id""", held.keySet().toArray(Long[]::new), held.values().toArray(Long[]::new), node, node);
    }

    /**
     * Every lease of this node as the database has it; each gets a new version, so that nothing older can still act.
     *
     * @param known budgets that this node believes to have leases of; those that are gone are said to be
     */
    Map<Long, LeaseState> resync(long epoch, Set<Long> known) {
        var states = new HashMap<>(database.dsl(Pool.LEDGER)
                .fetch("""
                        with mine as (
                          select budget_id from lease where node_id = ? and epoch = ? order by budget_id for update)
                        update lease set version = nextval('lease_version') from mine
                        where lease.node_id = ? and lease.budget_id = mine.budget_id
                        returning lease.budget_id, lease.amount, lease.version""", node, epoch, node)
                .intoMap(
                        row -> row.get(0, Long.class),
                        row -> new LeaseState(row.get(1, Long.class), row.get(2, Long.class))));
        var missing =
                known.stream().filter(budget -> !states.containsKey(budget)).toArray(Long[]::new);
        if (missing.length > 0) {
            states.putAll(gone(epoch, missing));
        }
        return states;
    }

    /** Under the lock of the budgets nobody can lease of them, so what is not there is gone, as of the version it gets. */
    private Map<Long, LeaseState> gone(long epoch, Long[] budgets) {
        return database.transact(Pool.LEDGER, dsl -> {
            dsl.fetch(LOCK, (Object) budgets);
            return dsl.fetch("""
                            select b, nextval('lease_version') from unnest(?::bigint[]) as b where not exists (
                              select from lease where node_id = ? and budget_id = b and epoch = ?)""", budgets, node, epoch)
                    .intoMap(row -> row.get(0, Long.class), row -> new LeaseState(0, row.get(1, Long.class)));
        });
    }
}
