package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * Budgets, leases and nodes in the database. Blocking. Whoever changes a lease holds the lock of its budget's row, and
 * locks of several budgets are taken {@link #IN_ORDER}.
 */
final class LeaseStore {
    /** Other nodes hear on this channel that somebody needs what they have free. */
    static final String RECALL = "lease_recall";

    /**
     * Credits before caps, each by their ids, in every transaction. A booking knows which caps it must lock only once it has
     * locked the credits.
     */
    private static final String IN_ORDER = " order by kind = 'cap', id for update";

    private static final String LOCK = "select id from budget where id = any(?::bigint[])" + IN_ORDER;

    private final Database database;
    private final String node;

    LeaseStore(Database database, String node) {
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

    // The node ------------------------------------------------------------------------------------------------------

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
                        + IN_ORDER,
                owner,
                before);
        return dsl.execute("""
                with gone as (delete from lease where node_id = ? and epoch < ? returning budget_id, amount)
                update budget set leased = leased - gone.amount from gone where budget.id = gone.budget_id""", owner, before);
    }

    /** Makes the days of usage rows that are near, should they not be there. Another node may be at it too. */
    void makePartitions() {
        database.transact(Pool.LEDGER, dsl -> {
            dsl.execute("set local lock_timeout = '2s'");
            return dsl.fetch("""
                    select usage_event_partition(day) from (
                      select (now() at time zone 'UTC')::date + i as day from generate_series(0, 3) as i) as near
                    where to_regclass('usage_event_' || to_char(day, 'YYYYMMDD')) is null order by day""");
        });
    }

    // Terms ---------------------------------------------------------------------------------------------------------

    private static final String BASIS = """
            coalesce(a.status || '|' || coalesce(a.status_reason, '') || '|' || a.time_zone, 'none') || '|' || coalesce((
              select string_agg(c.period || '=' || c.amount, ',' order by c.period) from key_cap c
              where c.key_id = k.key), '')""";

    /** What holds of {@code key} draw on at {@code now}; makes the budgets that are not there yet. */
    Terms terms(AccountId account, KeyId key, Instant now) {
        var dsl = database.dsl(Pool.LEDGER);
        var row = dsl.fetchSingle(
                "select a.status, a.status_reason, a.time_zone, " + BASIS
                        + " from (values (?, ?)) as k (account, key) left join account a on a.id = k.account",
                account.value(),
                key.value());
        var basis = row.get(3, String.class);
        if (row.get(0) == null) {
            return new Terms(basis, Optional.of("the account does not exist"), 0, List.of(), Long.MAX_VALUE);
        }
        var barred = barred(row);
        if (barred.isPresent()) {
            return new Terms(basis, barred, 0, List.of(), Long.MAX_VALUE);
        }
        var zone = ZoneId.of(row.get(2, String.class));
        var wanted = dsl.fetch("select period, amount from key_cap where key_id = ? order by period", key.value())
                .map(cap -> {
                    var period = cap.get(0, String.class);
                    return new WantedCap(period, cap.get(1, Long.class), CapWindow.of(period, now, zone));
                });
        var known = find(dsl, account, key, wanted, basis);
        return known.isPresent()
                ? known.get()
                : database.transact(Pool.LEDGER, transaction -> {
                    make(transaction, account, key, wanted);
                    return find(transaction, account, key, wanted, basis).orElseThrow();
                });
    }

    /** Which of these keys have other caps, or another state of their account, than their terms were made from. */
    List<KeyId> changed(Map<KeyId, AccountId> accounts, Map<KeyId, Terms> terms) {
        var keys = List.copyOf(terms.keySet());
        return database
                .dsl(Pool.LEDGER)
                .fetch(
                        "select k.key, " + BASIS + " from unnest(?::text[], ?::text[]) as k (account, key)"
                                + " left join account a on a.id = k.account",
                        keys.stream()
                                .map(key -> requireNonNull(accounts.get(key)).value())
                                .toArray(String[]::new),
                        keys.stream().map(KeyId::value).toArray(String[]::new))
                .stream()
                .filter(row -> !requireNonNull(terms.get(new KeyId(row.get(0, String.class))))
                        .basis()
                        .equals(row.get(1, String.class)))
                .map(row -> new KeyId(row.get(0, String.class)))
                .toList();
    }

    private record WantedCap(String period, long amount, CapWindow window) {}

    private static Optional<String> barred(Record account) {
        return switch (requireNonNull(account.get("status", String.class))) {
            case "active" -> Optional.empty();
            case "suspended" ->
                Optional.of(Optional.ofNullable(account.get("status_reason", String.class))
                        .map(reason -> "the account is suspended: " + reason)
                        .orElse("the account is suspended"));
            default -> Optional.of("the account is closed");
        };
    }

    private static Optional<Terms> find(
            DSLContext dsl, AccountId account, KeyId key, List<WantedCap> wanted, String basis) {
        var credit =
                dsl.fetchOptional("select id from budget where account_id = ? and kind = 'credit'", account.value());
        if (credit.isEmpty()) {
            return Optional.empty();
        }
        var caps = new ArrayList<Terms.Cap>();
        long until = Long.MAX_VALUE;
        for (WantedCap cap : wanted) {
            var budget = dsl.fetchOptional("""
                    select id from budget where kind = 'cap' and key_id = ? and period = ? and window_start = ?::timestamptz
                      and granted = ?""", key.value(), cap.period, at(cap.window.start()), cap.amount);
            if (budget.isEmpty()) {
                return Optional.empty();
            }
            caps.add(new Terms.Cap(budget.get().get(0, Long.class), cap.period, new Nanos(cap.amount)));
            until = Math.min(until, cap.window.end().toEpochMilli());
        }
        return Optional.of(new Terms(basis, Optional.empty(), credit.get().get(0, Long.class), caps, until));
    }

    /**
     * Makes the account's credit and the caps' present windows, or follows a cap's new amount. Under the lock of the
     * credit nothing of this account can be booked, so a cap that is new in the middle of its window counts exactly
     * what was booked before, and the flush counts what comes after. Of events that retention has removed (only a
     * window without end reaches so far back) the hourly sums count.
     */
    private static void make(DSLContext dsl, AccountId account, KeyId key, List<WantedCap> caps) {
        dsl.execute(
                "insert into budget (account_id, kind, granted) values (?, 'credit', 0) on conflict do nothing",
                account.value());
        dsl.fetch("select id from budget where account_id = ? and kind = 'credit' for update", account.value());
        for (WantedCap cap : caps) {
            dsl.execute(
                    """
                    insert into budget (account_id, kind, key_id, period, window_start, window_end, granted, spent)
                    select a.account, 'cap', a.key, a.period, a.first, a.next, a.amount, (
                      select coalesce(sum(u.cost), 0) from usage_event u
                      where u.budget_id = (select id from budget where account_id = a.account and kind = 'credit')
                        and u.kind_id in (
                          select id from generation_kind where account_id = a.account and key_id = a.key)
                        and u.created_at >= greatest(a.first, r.until) and u.created_at < a.next) + (
                      select coalesce(sum(h.cost), 0) from usage_hourly h
                      where h.account_id = a.account and h.key_id = a.key and h.hour >= a.first and h.hour < r.until)
                    from (values (?, ?, ?, ?::timestamptz, ?::timestamptz, ?::bigint))
                      as a (account, key, period, first, next, amount) cross join usage_removed r
                    on conflict (key_id, period, window_start) where kind = 'cap'
                      do update set granted = excluded.granted""",
                    account.value(),
                    key.value(),
                    cap.period,
                    at(cap.window.start()),
                    at(cap.window.end()),
                    cap.amount);
        }
    }

    // Leases --------------------------------------------------------------------------------------------------------

    /**
     * Leases what {@code wants} ask for, each as far as its budget goes. With {@code recall}, asks other nodes to hand
     * back what they have free of a budget that did not suffice.
     *
     * @throws Fenced when the epoch is over; nothing was taken
     */
    List<Taken> take(long epoch, List<Want> wants, boolean recall) {
        return database.transact(Pool.LEDGER, dsl -> {
            if (dsl.fetch("select from node where id = ? and epoch = ? for share", node, epoch)
                    .isEmpty()) {
                throw new Fenced();
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
            // A slice whose taking was answered too late may be here already. It gets a new version, so that a
            // hand-back
            // of it that is under way is not carried out behind our back.
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
            // Only those: an empty lease that a lost flush left must still be there to be heard of when that is
            // repeated.
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

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
