package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.credit.LeaseStore.LeaseState;
import io.mixgateway.platform.journal.Settled;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.Generation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Books finished generations: one transaction inserts their rows, charges what is new, moves budgets, leases and the
 * sums by hour and day. Booking one again changes nothing, because its row is there already. Blocking.
 *
 * <p>Plain JDBC: some statements for a whole batch, however long it is. The rows go in by COPY, which knows no "on
 * conflict"; a batch that meets a row of its own is done again the long way.
 */
final class UsageBooking {
    private static final int MOST_CACHED_ACCOUNTS = 100_000;
    /** SQLSTATE. */
    private static final String UNIQUE_VIOLATION = "23505";

    private final Database database;
    private final String node;
    private final GenerationKinds kinds;
    /** Ids of ledger accounts never change, so they are kept by owner, code and currency. */
    private final Map<String, Long> ledgerAccounts = new ConcurrentHashMap<>();

    UsageBooking(Database database, String node) {
        this.database = database;
        this.node = node;
        this.kinds = new GenerationKinds(database);
    }

    /**
     * Books {@code records}; those that are booked already are left out.
     *
     * @param held what is held of each budget once these are booked
     * @return this node's leases of the budgets in question, as they are then
     */
    Map<Long, LeaseState> book(List<Settled> records, Map<Long, Long> held) {
        var kindNumbers = kinds.numbers(records);
        try {
            return book(records, kindNumbers, held, UsageBooking::insertAll);
        } catch (DataAccessException e) {
            if (!isDuplicate(e)) {
                throw e;
            }
            // Rare: an earlier process, or one whose answer was lost, has booked some of these.
            return book(records, kindNumbers, held, UsageBooking::insertNew);
        }
    }

    private static boolean isDuplicate(DataAccessException e) {
        var cause = e.getCause(SQLException.class);
        return cause != null && UNIQUE_VIOLATION.equals(cause.getSQLState());
    }

    private Map<Long, LeaseState> book(
            List<Settled> records, int[] kindNumbers, Map<Long, Long> held, Insertion insertion) {
        return database.transact(Pool.LEDGER, dsl -> {
            var states = new HashMap<Long, LeaseState>();
            dsl.connection(connection -> book(connection, records, kindNumbers, held, states, insertion));
            return states;
        });
    }

    /** How rows get into {@code usage_event}; gives the ids of those that were not there, or null for all. */
    private interface Insertion {
        @Nullable
        Set<UUID> insert(Connection connection, EventRows rows) throws SQLException;
    }

    /** Straight into the table; one that is there already fails the whole transaction. */
    private static @Nullable Set<UUID> insertAll(Connection connection, EventRows rows) throws SQLException {
        rows.copyInto(connection, "usage_event");
        return null;
    }

    private static Set<UUID> insertNew(Connection connection, EventRows rows) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("create temporary table usage_again (like usage_event) on commit drop");
            rows.copyInto(connection, "usage_again");
            var fresh = new HashSet<UUID>();
            try (var inserted = statement.executeQuery(
                    "insert into usage_event select * from usage_again on conflict do nothing returning id")) {
                while (inserted.next()) {
                    fresh.add(inserted.getObject(1, UUID.class));
                }
            }
            return fresh;
        }
    }

    /** A customer of the batch, its credit locked. */
    private record Customer(long budget, String currency, long transfer) {}

    /** One window of a key's cap, locked. */
    private record Cap(long budget, String key, long startMillis, long endMillis) {
        boolean counts(Generation g, long atMillis) {
            return key.equals(g.key().value()) && atMillis >= startMillis && atMillis < endMillis;
        }
    }

    private void book(
            Connection connection,
            List<Settled> records,
            int[] kindNumbers,
            Map<Long, Long> held,
            Map<Long, LeaseState> states,
            Insertion insertion)
            throws SQLException {
        var customers = lockCredit(connection, records);
        var caps = lockCaps(connection, records);
        var fresh = insertion.insert(connection, eventRows(records, kindNumbers, customers));

        var charges = new TreeMap<String, Long>();
        var firstOf = new HashMap<String, Generation>();
        var spent = new TreeMap<Long, Long>();
        held.keySet().forEach(budget -> spent.put(budget, 0L));
        var sums = new UsageRollup();
        for (Settled settled : records) {
            var g = settled.generation();
            if (fresh != null && !fresh.remove(g.id().uuid())) {
                continue;
            }
            sums.add(g);
            long cost = g.cost().value();
            if (cost == 0) {
                continue;
            }
            var account = g.account().value();
            charges.merge(account, cost, Math::addExact);
            firstOf.putIfAbsent(account, g);
            spent.merge(requireNonNull(customers.get(account)).budget, cost, Math::addExact);
            long at = g.id().createdAt().toEpochMilli();
            for (Cap cap : caps) {
                if (cap.counts(g, at)) {
                    spent.merge(cap.budget, cost, Math::addExact);
                }
            }
        }
        if (!spent.isEmpty()) {
            moveBudgets(connection, spent, held, states);
        }
        sums.write(connection);
        if (!charges.isEmpty()) {
            charge(connection, charges, customers, firstOf);
        }
    }

    private Map<String, Customer> lockCredit(Connection connection, List<Settled> records) throws SQLException {
        var accounts = new HashSet<String>();
        for (Settled settled : records) {
            accounts.add(settled.generation().account().value());
        }
        var customers = readCredit(connection, accounts);
        if (customers.size() < accounts.size()) {
            try (var make = connection.prepareStatement("""
                    insert into budget (account_id, kind, granted) select a, 'credit', 0 from unnest(?) as a order by a
                    on conflict do nothing""")) {
                make.setArray(1, connection.createArrayOf("text", accounts.toArray()));
                make.executeUpdate();
            }
            customers = readCredit(connection, accounts);
        }
        return customers;
    }

    private static Map<String, Customer> readCredit(Connection connection, Set<String> accounts) throws SQLException {
        try (var select = connection.prepareStatement("""
                with locked as (
                  select id, account_id from budget where kind = 'credit' and account_id = any(?) order by id for update)
                select l.id, l.account_id, coalesce(a.currency, 'USD'), nextval(pg_get_serial_sequence('transfer', 'id'))
                from locked l left join account a on a.id = l.account_id""")) {
            select.setArray(1, connection.createArrayOf("text", accounts.toArray()));
            var customers = new HashMap<String, Customer>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    customers.put(rows.getString(2), new Customer(rows.getLong(1), rows.getString(3), rows.getLong(4)));
                }
            }
            return customers;
        }
    }

    /** A statement of its own behind {@link #lockCredit}: it sees the caps that were made while that waited for the lock. */
    private static List<Cap> lockCaps(Connection connection, List<Settled> records) throws SQLException {
        var keys = new HashSet<String>();
        var first = Instant.MAX;
        var last = Instant.EPOCH;
        for (Settled settled : records) {
            var g = settled.generation();
            keys.add(g.key().value());
            var at = g.id().createdAt();
            first = at.isBefore(first) ? at : first;
            last = at.isAfter(last) ? at : last;
        }
        try (var select = connection.prepareStatement("""
                select id, key_id, window_start, window_end from budget
                where kind = 'cap' and key_id = any(?) and window_start <= ? and window_end > ? order by id for update""")) {
            select.setArray(1, connection.createArrayOf("text", keys.toArray()));
            select.setObject(2, last.atOffset(ZoneOffset.UTC));
            select.setObject(3, first.atOffset(ZoneOffset.UTC));
            var caps = new ArrayList<Cap>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    caps.add(new Cap(rows.getLong(1), rows.getString(2), millis(rows, 3), millis(rows, 4)));
                }
            }
            return caps;
        }
    }

    private static long millis(ResultSet rows, int column) throws SQLException {
        return rows.getTimestamp(column).getTime();
    }

    private static EventRows eventRows(List<Settled> records, int[] kindNumbers, Map<String, Customer> customers) {
        var rows = new EventRows(records.size());
        for (int i = 0; i < records.size(); i++) {
            var g = records.get(i).generation();
            var customer = requireNonNull(customers.get(g.account().value()));
            rows.add(g, kindNumbers[i], customer.budget, g.cost().value() == 0 ? 0 : customer.transfer);
        }
        return rows;
    }

    private void moveBudgets(
            Connection connection, SortedMap<Long, Long> spent, Map<Long, Long> held, Map<Long, LeaseState> states)
            throws SQLException {
        try (var update = connection.prepareStatement("""
                with moved as (select * from unnest(?, ?, ?) as m (budget, cost, held)),
                used as (
                  select l.budget_id, least(l.amount, m.cost) as amount, m.held
                  from lease l join moved m on m.budget = l.budget_id where l.node_id = ?),
                counted as (
                  update budget set spent = spent + m.cost, leased = leased - coalesce(u.amount, 0)
                  from moved m left join used u on u.budget_id = m.budget where budget.id = m.budget)
                update lease set amount = lease.amount - u.amount, held = coalesce(u.held, lease.held),
                  version = nextval('lease_version')
                from used u where lease.budget_id = u.budget_id and lease.node_id = ?
                returning lease.budget_id, lease.amount, lease.version""")) {
            update.setArray(1, connection.createArrayOf("int8", spent.keySet().toArray()));
            update.setArray(2, connection.createArrayOf("int8", spent.values().toArray()));
            update.setArray(
                    3,
                    connection.createArrayOf(
                            "int8", spent.keySet().stream().map(held::get).toArray()));
            update.setString(4, node);
            update.setString(5, node);
            try (var rows = update.executeQuery()) {
                while (rows.next()) {
                    states.put(rows.getLong(1), new LeaseState(rows.getLong(2), rows.getLong(3)));
                }
            }
        }
    }

    /** One transfer for each customer of the batch: from its credit to the operator's revenue. */
    private void charge(
            Connection connection,
            SortedMap<String, Long> charges,
            Map<String, Customer> customers,
            Map<String, Generation> firstOf)
            throws SQLException {
        int size = charges.size();
        var transfers = new Long[size];
        var keys = new String[size];
        var credits = new Long[size];
        var revenues = new Long[size];
        var amounts = new Long[size];
        int i = 0;
        for (var charge : charges.entrySet()) {
            var customer = requireNonNull(customers.get(charge.getKey()));
            transfers[i] = customer.transfer;
            // A generation is charged once, so its id names the one transfer that begins with it.
            keys[i] =
                    "usage:" + requireNonNull(firstOf.get(charge.getKey())).id().value();
            credits[i] = ledgerAccount(connection, charge.getKey(), "credit", customer.currency);
            revenues[i] = ledgerAccount(connection, "operator", "usage_revenue", customer.currency);
            amounts[i] = charge.getValue();
            i++;
        }
        try (var insert = connection.prepareStatement("""
                with charged as (select * from unnest(?, ?, ?, ?, ?) as c (transfer, key, credit, revenue, amount)),
                made as (
                  insert into transfer (id, idempotency_key, kind, description, created_at)
                  overriding system value select transfer, key, 'usage', 'usage', now() from charged),
                legs as (
                  insert into posting (transfer_id, ledger_account_id, amount)
                  select transfer, credit, -amount from charged union all select transfer, revenue, amount from charged),
                paid as (
                  update ledger_account set balance = balance - c.amount from charged c where id = c.credit)
                update ledger_account set balance = balance + earned.amount
                from (select revenue, sum(amount)::bigint as amount from charged group by revenue) earned
                where id = earned.revenue""")) {
            insert.setArray(1, connection.createArrayOf("int8", transfers));
            insert.setArray(2, connection.createArrayOf("text", keys));
            insert.setArray(3, connection.createArrayOf("int8", credits));
            insert.setArray(4, connection.createArrayOf("int8", revenues));
            insert.setArray(5, connection.createArrayOf("int8", amounts));
            insert.executeUpdate();
        }
    }

    private long ledgerAccount(Connection connection, String owner, String code, String currency) throws SQLException {
        var name = owner + '/' + code + '/' + currency;
        var known = ledgerAccounts.get(name);
        if (known != null) {
            return known;
        }
        var found = findLedgerAccount(connection, owner, code, currency);
        if (found != null) {
            if (ledgerAccounts.size() >= MOST_CACHED_ACCOUNTS) {
                ledgerAccounts.clear();
            }
            ledgerAccounts.put(name, found);
            return found;
        }
        try (var insert = connection.prepareStatement(
                "insert into ledger_account (owner, code, currency) values (?, ?, ?) on conflict do nothing")) {
            bind(insert, owner, code, currency).executeUpdate();
        }
        // Not kept: this transaction may yet be rolled back, and the id with it.
        var made = findLedgerAccount(connection, owner, code, currency);
        if (made == null) {
            throw new IllegalStateException("ledger account " + name + ": not there after it was made");
        }
        return made;
    }

    private static @Nullable Long findLedgerAccount(Connection connection, String owner, String code, String currency)
            throws SQLException {
        try (var select = connection.prepareStatement(
                        "select id from ledger_account where owner = ? and code = ? and currency = ?");
                var rows = bind(select, owner, code, currency).executeQuery()) {
            return rows.next() ? rows.getLong(1) : null;
        }
    }

    private static PreparedStatement bind(PreparedStatement statement, String owner, String code, String currency)
            throws SQLException {
        statement.setString(1, owner);
        statement.setString(2, code);
        statement.setString(3, currency);
        return statement;
    }

    /** Puts a record aside that the database refuses, so that those behind it can be booked. */
    void reject(Settled settled, String reason) {
        var g = settled.generation();
        DSLContext dsl = database.dsl(Pool.LEDGER);
        dsl.execute("""
                insert into usage_rejected (id, account_id, cost, record, reason) values (?, ?, ?, ?, ?)
                on conflict do nothing""", g.id().value(), g.account().value(), g.cost().value(), g.toString(), reason);
    }
}
