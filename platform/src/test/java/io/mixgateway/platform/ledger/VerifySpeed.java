package io.mixgateway.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/**
 * Measures {@code ledger verify} on a seeded database. Its name keeps it out of {@code verify}; run it by hand:
 *
 * <pre>
 * ./build verify -pl platform -am -Dtest=NoneTest -Dit.test=VerifySpeed -Dverify.rows=10000000 \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 * </pre>
 *
 * A hundred accounts, four kinds of calls each, fifty spend caps, seven days, a usage transfer for every 500 generations.
 */
class VerifySpeed {
    private static final int ACCOUNTS = 100;
    private static final int KINDS = 4;
    private static final int CAPS = 50;
    private static final int PER_TRANSFER = 500;
    private static final int BATCH = 500_000;
    private static final int ROUNDS = 3;

    @Test
    void measure() {
        long rows = Long.getLong("verify.rows", 10_000_000);
        try (var store = TestDatabase.fresh()) {
            var dsl = store.database().dsl(Pool.JOBS);
            long began = System.nanoTime();
            seed(dsl, rows);
            System.out.printf("seeded %,d generations in %d s%n", rows, seconds(began));
            var ledger = new Ledger(store.database(), InstantSource.system());
            for (int round = 1; round <= ROUNDS; round++) {
                began = System.nanoTime();
                var report = ledger.verify();
                assertThat(report.violations()).isEmpty();
                System.out.printf(
                        "verify %d: %.1f s, %,d rows%n",
                        round, Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0, report.checked());
            }
        }
    }

    private static long seconds(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toSeconds();
    }

    private static void seed(DSLContext dsl, long rows) {
        for (String sql : List.of(
                """
                insert into account (id, email, name, created_at)
                select 'acc-' || lpad(i::text, 20, '0'), i || '@example.org', 'seeded', now() from generate_series(1, %d) i""".formatted(ACCOUNTS),
                """
                insert into budget (account_id, kind, granted)
                select id, 'credit', 0 from account order by id""",
                """
                insert into ledger_account (owner, code, currency)
                select id, 'credit', 'USD' from account union all values
                  ('operator', 'usage_revenue', 'USD'), ('operator', 'granted', 'USD')""",
                """
                insert into generation_kind (digest, account_id, key_id, model_asked, provider, model_sent, model_served,
                  dialect, streamed, outcome, usage_source, price_version)
                select sha256(convert_to(a.id || k, 'UTF8')), a.id, 'key-' || substr(a.id, 5), 'm' || k, 'openai', 'm' || k,
                  'm' || k, 'openai', k %% 2 = 0, 'completed', 'provider', 'openai:m@2026-11-01T00:00:00Z#00000000'
                from account a, generate_series(0, %d) k order by a.id, k""".formatted(KINDS - 1),
                "select usage_event_partition(current_date - d) from generate_series(0, 8) d",
                """
                insert into transfer (idempotency_key, kind, description, created_at)
                select 'usage:' || t, 'usage', 'generations', now() - interval '7 days' + t * interval '1 second'
                from generate_series(1, %d) t""".formatted(rows / PER_TRANSFER),
                """
                insert into transfer (idempotency_key, kind, description, created_at)
                select 'grant:' || id, 'grant', 'seeded', now() - interval '8 days' from account""")) {
            dsl.execute(sql);
        }
        long first = dsl.fetchSingle("select min(id) from transfer").get(0, Long.class);
        for (long from = 0; from < rows; from += BATCH) {
            // One transfer charges generations of one account, as the flush books them.
            dsl.execute(
                    """
                    insert into usage_event (budget_id, created_at, id, input, cache_read, output, reasoning, provider_total,
                      cost, hold, transfer_id, kind_id, latency_ms, first_token_ms)
                    select b.first + (i / {2}) %% {3},
                      date_trunc('milliseconds', now() - interval '7 days' + (i::float8 / {4}) * interval '7 days'),
                      md5(i::text)::uuid, 100 + i %% 900, i %% 50, 20 + i %% 300, 0, -1,
                      1000 + i %% 1000, 5000, {5} + i / {2}, k.first + ((i / {2}) %% {3}) * {6} + i %% {6}, 700, 200
                    from generate_series({0}::bigint, {1}::bigint - 1) i,
                      (select min(id) as first from budget) b, (select min(id) as first from generation_kind) k""".replace("%%", "%"),
                    org.jooq.impl.DSL.inline(from),
                    org.jooq.impl.DSL.inline(Math.min(rows, from + BATCH)),
                    org.jooq.impl.DSL.inline(PER_TRANSFER),
                    org.jooq.impl.DSL.inline(ACCOUNTS),
                    org.jooq.impl.DSL.inline(rows),
                    org.jooq.impl.DSL.inline(first),
                    org.jooq.impl.DSL.inline(KINDS));
        }
        for (String sql : List.of("""
                insert into posting (transfer_id, ledger_account_id, amount)
                select e.transfer_id, leg.id, leg.sign * e.cost from (
                  select transfer_id, budget_id, sum(cost)::bigint as cost from usage_event group by 1, 2) e
                join budget b on b.id = e.budget_id
                cross join lateral (
                  select id, -1 as sign from ledger_account where owner = b.account_id and code = 'credit' union all
                  select id, 1 from ledger_account where owner = 'operator' and code = 'usage_revenue') leg""", """
                insert into posting (transfer_id, ledger_account_id, amount)
                select t.id, a.id, case when a.owner = 'operator' then -1 else 1 end * 1000000000000
                from transfer t join ledger_account a
                  on a.owner = substr(t.idempotency_key, 7) or (a.owner = 'operator' and a.code = 'granted')
                where t.kind = 'grant'""", """
                update ledger_account a set balance = p.sum from (
                  select ledger_account_id, sum(amount)::bigint as sum from posting group by 1) p
                where p.ledger_account_id = a.id""", """
                update budget b set granted = 1000000000000, spent = u.cost from (
                  select budget_id, sum(cost)::bigint as cost from usage_event group by 1) u
                where u.budget_id = b.id""", """
                insert into usage_hourly (hour, account_id, key_id, provider, model, calls, completed, input, cache_read,
                  cache_write, output, reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms)
                select date_trunc('hour', e.created_at, 'UTC'), k.account_id, k.key_id, k.provider, k.model_sent, count(*),
                  count(*), sum(input), sum(cache_read), 0, sum(output), sum(reasoning), 0, 0, 0, 0, sum(cost), sum(latency_ms)
                from usage_event e join generation_kind k on k.id = e.kind_id group by 1, 2, 3, 4, 5""", """
                insert into usage_daily (day, account_id, key_id, provider, model, calls, completed, input, cache_read,
                  cache_write, output, reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms)
                select date_trunc('day', hour, 'UTC'), account_id, key_id, provider, model, sum(calls), sum(completed),
                  sum(input), sum(cache_read), 0, sum(output), sum(reasoning), 0, 0, 0, 0, sum(cost), sum(latency_ms)
                from usage_hourly group by 1, 2, 3, 4, 5""", """
                insert into budget (account_id, kind, key_id, period, window_start, window_end, granted, spent)
                select k.account_id, 'cap', k.key_id, 'total', 'epoch', '2200-01-01', 1000000000000, sum(u.cost)
                from usage_event u join generation_kind k on k.id = u.kind_id
                group by 1, 3 order by 1 limit %d""".formatted(CAPS), "analyze")) {
            dsl.execute(sql);
        }
    }
}
