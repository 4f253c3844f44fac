package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.money.Nanos;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;

/** What a key's holds draw on, made from its account and its caps; with the budgets of accounts and caps' windows. Blocking. */
final class TermsStore {
    /** What terms are made from, as one text: other text, other terms. */
    private static final String BASIS = """
            coalesce(a.status || '|' || coalesce(a.status_reason, '') || '|' || a.time_zone, 'none') || '|' || coalesce((
              select string_agg(c.period || '=' || c.amount, ',' order by c.period) from key_cap c
              where c.key_id = k.key), '')""";

    private final Database database;

    TermsStore(Database database) {
        this.database = database;
    }

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

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
