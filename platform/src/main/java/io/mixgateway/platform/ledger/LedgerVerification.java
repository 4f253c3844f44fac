package io.mixgateway.platform.ledger;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;

/**
 * The invariants of the money path, each as one query that gives a row for each violation, all in one snapshot of
 * the database. Where retention has removed generations ({@code usage_removed}), their hourly sums stand for them. It takes no locks, so the gateway goes on beside it.
 */
final class LedgerVerification {
    private static final int MOST = 100;

    /** A rule and the query that finds what breaks it: one text column that says which row and how. */
    private record Rule(String name, String violations) {}

    private static final List<Rule> RULES = List.of(
            new Rule("all postings of a currency sum to zero", """
                    select a.currency || ' sums to ' || sum(p.amount)
                    from posting p join ledger_account a on a.id = p.ledger_account_id
                    group by a.currency having sum(p.amount) <> 0"""),
            new Rule("the postings of each transfer sum to zero", """
                    select 'transfer ' || t.id || ' sums to ' || coalesce(p.sum, 0) || ' over ' || coalesce(p.legs, 0)
                      || ' postings'
                    from transfer t
                    left join (select transfer_id, sum(amount) as sum, count(*) as legs from posting group by 1) p
                      on p.transfer_id = t.id
                    where p.legs is null or p.legs < 2 or p.sum <> 0"""),
            new Rule("each balance is the replay of its postings", """
                    select a.owner || ' ' || a.code || ' ' || a.currency || ' is ' || a.balance || ', its postings sum to '
                      || coalesce(p.sum, 0)
                    from ledger_account a
                    left join (select ledger_account_id, sum(amount) as sum from posting group by 1) p
                      on p.ledger_account_id = a.id
                    where a.balance <> coalesce(p.sum, 0)"""),
            new Rule("each credit budget agrees with the books", """
                    select 'budget ' || b.id || ' of ' || b.account_id || ' has granted ' || b.granted || ' spent ' || b.spent
                      || ', the books say ' || coalesce(p.granted, 0) || ' and ' || coalesce(p.spent, 0)
                    from budget b
                    left join (
                      select a.owner,
                        sum(p.amount) filter (where t.kind <> 'usage') as granted,
                        -sum(p.amount) filter (where t.kind = 'usage') as spent
                      from ledger_account a
                      join posting p on p.ledger_account_id = a.id
                      join transfer t on t.id = p.transfer_id
                      where a.code = 'credit' group by a.owner) p on p.owner = b.account_id
                    where b.kind = 'credit' and (b.granted <> coalesce(p.granted, 0) or b.spent <> coalesce(p.spent, 0))"""),
            new Rule("every customer with postings has a credit budget", """
                    select a.owner || ' has a balance of ' || a.balance || ' and no budget'
                    from ledger_account a where a.code = 'credit' and a.owner <> 'operator'
                      and not exists (select from budget b where b.account_id = a.owner and b.kind = 'credit')"""),
            new Rule("each budget has leased what its leases say", """
                    select 'budget ' || b.id || ' of ' || b.account_id || ' has leased ' || b.leased
                      || ', its leases sum to ' || coalesce(l.sum, 0)
                    from budget b left join (select budget_id, sum(amount) as sum from lease group by 1) l
                      on l.budget_id = b.id
                    where b.leased <> coalesce(l.sum, 0)"""),
            new Rule("each generation has one row, at the time its id tells", """
                    select generation_public_id(id) || ' has ' || count(*) || ' rows' from usage_event
                    group by id having count(*) > 1"""),
            new Rule("each usage transfer is the sum of the generations it charged", """
                    select 'transfer ' || coalesce(t.id, e.transfer_id) || ' charged ' || coalesce(t.charged, 0)
                      || ', its generations cost ' || coalesce(e.cost, 0)
                    from (
                      select t.id, a.owner, -sum(p.amount) as charged from transfer t
                      join posting p on p.transfer_id = t.id
                      join ledger_account a on a.id = p.ledger_account_id and a.code = 'credit'
                      where t.kind = 'usage' group by t.id, a.owner) t
                    full join (
                      select transfer_id, account_id, sum(cost) as cost from (
                        select u.transfer_id, b.account_id, u.cost
                        from usage_event u join budget b on b.id = u.budget_id where u.transfer_id is not null
                        union all
                        select r.transfer_id, a.owner, r.cost from usage_removed_charge r
                        join posting p on p.transfer_id = r.transfer_id
                        join ledger_account a on a.id = p.ledger_account_id and a.code = 'credit') c
                      group by 1, 2) e
                      on e.transfer_id = t.id and e.account_id = t.owner
                    where t.charged is distinct from e.cost
                      and not (e.cost is null and t.id <= (select last_transfer from usage_removed))"""),
            new Rule("each account was charged what its hourly sums say", """
                    select coalesce(t.owner, h.account_id) || ' was charged ' || coalesce(t.charged, 0)
                      || ', its hourly sums say ' || coalesce(h.cost, 0)
                    from (
                      select a.owner, -sum(p.amount) as charged from transfer t
                      join posting p on p.transfer_id = t.id
                      join ledger_account a on a.id = p.ledger_account_id and a.code = 'credit'
                      where t.kind = 'usage' group by a.owner) t
                    full join (select account_id, sum(cost) as cost from usage_hourly group by 1) h
                      on h.account_id = t.owner
                    where coalesce(t.charged, 0) <> coalesce(h.cost, 0)"""),
            new Rule("no generation has a negative cost or a cost without a charge", """
                    select generation_public_id(id) || ' costs ' || cost from usage_event
                    where cost < 0 or hold < 0 or (cost > 0) <> (transfer_id is not null)"""),
            new Rule("hourly sums agree with the generations", """
                    select coalesce(h.account_id, e.account_id) || ' ' || coalesce(h.key_id, e.key_id) || ' at '
                      || coalesce(h.hour, e.hour) || ': ' || coalesce(h.calls, 0) || ' calls for ' || coalesce(h.cost, 0)
                      || ', the generations say ' || coalesce(e.calls, 0) || ' for ' || coalesce(e.cost, 0)
                    from (
                      select account_id, hour, key_id, provider, model, calls, completed, cost,
                        input + cache_read + cache_write + output + reasoning
                          + audio_input + audio_output + image_input + image_output as tokens
                      from usage_hourly where hour >= (select until from usage_removed)) h
                    full join (
                      select k.account_id, u.hour, k.key_id, k.provider, k.model_sent as model, sum(u.calls) as calls,
                        coalesce(sum(u.calls) filter (where k.outcome = 'completed'), 0) as completed,
                        sum(u.cost) as cost, sum(u.tokens) as tokens
                      from (
                        select kind_id, date_trunc('hour', created_at, 'UTC') as hour, count(*) as calls,
                          sum(cost) as cost, sum(input + cache_read + output + reasoning
                            + case when more_usage is null then 0 else coalesce((
                              select sum(value::bigint) from jsonb_each_text(more_usage)), 0) end) as tokens
                        from usage_event where created_at >= (select until from usage_removed) group by 1, 2) u
                      join generation_kind k on k.id = u.kind_id group by 1, 2, 3, 4, 5) e
                      using (account_id, hour, key_id, provider, model)
                    where h.calls is distinct from e.calls or h.cost is distinct from e.cost
                      or h.completed is distinct from e.completed or h.tokens is distinct from e.tokens"""),
            new Rule("daily sums are the sums of their hours", """
                    select coalesce(d.account_id, h.account_id) || ' ' || coalesce(d.key_id, h.key_id) || ' on '
                      || coalesce(d.day, h.day) || ': ' || coalesce(d.calls, 0) || ' calls for ' || coalesce(d.cost, 0)
                      || ', the hours say ' || coalesce(h.calls, 0) || ' for ' || coalesce(h.cost, 0)
                    from usage_daily d
                    full join (
                      select date_trunc('day', hour, 'UTC') as day, account_id, key_id, provider, model,
                        sum(calls) as calls, sum(completed) as completed, sum(input) as input,
                        sum(cache_read) as cache_read, sum(cache_write) as cache_write, sum(output) as output,
                        sum(reasoning) as reasoning, sum(audio_input) as audio_input, sum(audio_output) as audio_output,
                        sum(image_input) as image_input, sum(image_output) as image_output, sum(cost) as cost,
                        sum(latency_ms) as latency_ms
                      from usage_hourly group by 1, 2, 3, 4, 5) h
                      using (account_id, day, key_id, provider, model)
                    where (d.calls, d.completed, d.input, d.cache_read, d.cache_write, d.output, d.reasoning, d.audio_input,
                        d.audio_output, d.image_input, d.image_output, d.cost, d.latency_ms)
                      is distinct from (h.calls, h.completed, h.input, h.cache_read, h.cache_write, h.output, h.reasoning,
                        h.audio_input, h.audio_output, h.image_input, h.image_output, h.cost, h.latency_ms)"""),
            new Rule("each spend cap has counted the generations of its window", """
                    select 'budget ' || b.id || ' of ' || b.key_id || ' per ' || b.period || ' has spent ' || b.spent
                      || ', the generations cost ' || coalesce(e.cost, 0) + h.cost
                    from budget b cross join usage_removed r cross join lateral (
                      select coalesce(sum(h.cost), 0) as cost from usage_hourly h
                      where h.account_id = b.account_id and h.key_id = b.key_id
                        and h.hour >= b.window_start and h.hour < r.until) h
                    -- All caps in one pass over the generations, however many there are.
                    left join (
                      select c.id, sum(u.cost) as cost
                      from budget c cross join usage_removed r
                      join generation_kind k on k.account_id = c.account_id and k.key_id = c.key_id
                      join usage_event u on u.kind_id = k.id
                        and u.created_at >= greatest(c.window_start, r.until) and u.created_at < c.window_end
                      where c.kind = 'cap' group by c.id) e on e.id = b.id
                    where b.kind = 'cap' and b.spent <> coalesce(e.cost, 0) + h.cost
                      and (b.window_start >= r.until or b.period = 'total')"""),
            new Rule("each generation is of a known kind, of the account whose credit it drew on", """
                    select generation_public_id(u.id) || ' is of kind ' || u.kind_id || ' and of budget ' || u.budget_id
                    from usage_event u left join generation_kind k on k.id = u.kind_id
                      left join budget b on b.id = u.budget_id and b.kind = 'credit'
                    where k.account_id is distinct from b.account_id or b.id is null"""),
            new Rule(
                    "every generation could be booked",
                    "select id || ' of ' || account_id || ' was refused: ' || reason from usage_rejected"));

    /**
     * Each rule reads its tables whole, once: a nested loop over millions of rows, chosen on a wrong guess of how many
     * there are, takes hours. And it may take longer than a job's statement usually may.
     */
    private static final List<String> PLANS = List.of(
            "set local enable_nestloop = off",
            "set local jit = off",
            "set local work_mem = '128MB'",
            "set local statement_timeout = '1h'");

    private final Database database;

    LedgerVerification(Database database) {
        this.database = database;
    }

    LedgerReport run() {
        return database.transact(Pool.JOBS, dsl -> {
            dsl.execute("set transaction isolation level repeatable read read only");
            PLANS.forEach(dsl::execute);
            var violations = new ArrayList<String>();
            for (Rule rule : RULES) {
                int room = MOST - violations.size();
                if (room > 0) {
                    // Materialized, so that the limit does not make the planner bet on finding many violations early.
                    dsl.fetch("with found (v) as materialized (" + rule.violations + ") select v from found limit "
                                    + room)
                            .forEach(row -> violations.add(rule.name + ": " + row.get(0, String.class)));
                }
            }
            return new LedgerReport(rows(dsl), violations);
        });
    }

    private static long rows(DSLContext dsl) {
        return dsl.fetchSingle("""
                        select (select count(*) from transfer) + (select count(*) from posting)
                          + (select count(*) from ledger_account) + (select count(*) from budget)
                          + (select count(*) from lease) + (select count(*) from usage_event)
                          + (select count(*) from usage_hourly) + (select count(*) from usage_daily)""").get(0, Long.class);
    }
}
