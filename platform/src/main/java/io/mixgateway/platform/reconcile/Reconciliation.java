package io.mixgateway.platform.reconcile;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.money.Nanos;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Compares imported invoices with the hourly sums of usage, by day (UTC) and model. Blocking. */
public final class Reconciliation {
    private final Database database;

    public Reconciliation(Database database) {
        this.database = database;
    }

    /** How a day's figures of one model lie to each other. */
    public enum State {
        /** Every count that the invoice has is ours. */
        AGREES,
        /** A count of the invoice is not ours. */
        DIFFERS,
        /** Billed, and nothing of it was counted here. */
        ONLY_INVOICED,
        /** Counted here, and not billed. */
        ONLY_COUNTED
    }

    /**
     * One model on one day.
     *
     * @param invoiced what the provider bills, when it does
     * @param calls counted here, as are the tokens
     * @param charged what callers paid for them
     */
    public record Row(
            LocalDate day,
            String model,
            State state,
            Optional<InvoiceLine> invoiced,
            long calls,
            long inputTokens,
            long outputTokens,
            Nanos charged) {
        /** Whether the provider bills more than callers paid. */
        public boolean isLoss() {
            return invoiced.map(line -> line.cost().compareTo(charged) > 0).orElse(false);
        }
    }

    /** Keeps the lines of an invoice; a line for the same provider, day and model replaces the one before. */
    public void importInvoice(String provider, List<InvoiceLine> lines, String source) {
        database.execute(Pool.JOBS, tx -> {
            for (InvoiceLine line : lines) {
                tx.execute(
                        """
                        insert into provider_invoice
                          (provider, day, model, calls, input_tokens, output_tokens, cost, source)
                        values (?, ?::date, ?, ?::bigint, ?::bigint, ?::bigint, ?, ?)
                        on conflict (provider, day, model) do update set calls = excluded.calls,
                          input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
                          cost = excluded.cost, source = excluded.source, imported_at = now()""",
                        provider,
                        line.day().toString(),
                        line.model(),
                        boxed(line.calls()),
                        boxed(line.inputTokens()),
                        boxed(line.outputTokens()),
                        line.cost().value(),
                        source);
            }
        });
    }

    private static @Nullable Long boxed(OptionalLong count) {
        return count.isPresent() ? count.getAsLong() : null;
    }

    /** The providers of which there are invoices in these days. */
    public List<String> invoicedProviders(LocalDate from, LocalDate to) {
        return database.dsl(Pool.JOBS)
                .fetch(
                        "select distinct provider from provider_invoice where day >= ?::date and day < ?::date order by 1",
                        from.toString(),
                        to.toString())
                .map(row -> row.get(0, String.class));
    }

    /**
     * Every model that was billed or counted, by day and name.
     *
     * @param to the first day behind
     */
    public List<Row> report(String provider, LocalDate from, LocalDate to) {
        return database.dsl(Pool.JOBS)
                .fetch(
                        """
                        select coalesce(i.day, u.day)::text as day, coalesce(i.model, u.model) as model,
                          i.day is not null as invoiced, u.day is not null as counted,
                          i.calls as their_calls, i.input_tokens as their_input, i.output_tokens as their_output,
                          coalesce(i.cost, 0) as their_cost, coalesce(u.calls, 0) as calls,
                          coalesce(u.input, 0) as input, coalesce(u.output, 0) as output, coalesce(u.cost, 0) as cost
                        from (
                          select day, model, calls, input_tokens, output_tokens, cost from provider_invoice
                          where provider = {0} and day >= {1}::date and day < {2}::date) i
                        full join (
                          select (hour at time zone 'UTC')::date as day, model, sum(calls)::bigint as calls,
                            sum(input + cache_read + cache_write + audio_input + image_input)::bigint as input,
                            sum(output + reasoning + audio_output + image_output)::bigint as output,
                            sum(cost)::bigint as cost
                          from usage_hourly
                          where provider = {0} and hour >= ({1}::date)::timestamp at time zone 'UTC'
                            and hour < ({2}::date)::timestamp at time zone 'UTC'
                          group by 1, 2) u on u.day = i.day and u.model = i.model
                        order by 1, 2""",
                        org.jooq.impl.DSL.val(provider),
                        org.jooq.impl.DSL.val(from.toString()),
                        org.jooq.impl.DSL.val(to.toString()))
                .map(Reconciliation::row);
    }

    private static Row row(Record row) {
        var day = LocalDate.parse(row.get("day", String.class));
        var model = row.get("model", String.class);
        Optional<InvoiceLine> line = row.get("invoiced", Boolean.class)
                ? Optional.of(new InvoiceLine(
                        day,
                        model,
                        optional(row.get("their_calls", Long.class)),
                        optional(row.get("their_input", Long.class)),
                        optional(row.get("their_output", Long.class)),
                        new Nanos(row.get("their_cost", Long.class))))
                : Optional.empty();
        long calls = row.get("calls", Long.class);
        long input = row.get("input", Long.class);
        long output = row.get("output", Long.class);
        return new Row(
                day,
                model,
                state(line, row.get("counted", Boolean.class), calls, input, output),
                line,
                calls,
                input,
                output,
                new Nanos(row.get("cost", Long.class)));
    }

    private static OptionalLong optional(@Nullable Long count) {
        return count == null ? OptionalLong.empty() : OptionalLong.of(count);
    }

    private static State state(Optional<InvoiceLine> line, boolean counted, long calls, long input, long output) {
        if (line.isEmpty()) {
            return State.ONLY_COUNTED;
        }
        if (!counted) {
            return State.ONLY_INVOICED;
        }
        boolean agrees = line.get().calls().orElse(calls) == calls
                && line.get().inputTokens().orElse(input) == input
                && line.get().outputTokens().orElse(output) == output;
        return agrees ? State.AGREES : State.DIFFERS;
    }

    /** Notes that the comparison of a night was made; false when another node has. */
    boolean noteRun(LocalDate day, long differences) {
        return database.dsl(Pool.JOBS)
                        .execute(
                                "insert into reconciliation_run (day, differences) values (?::date, ?) on conflict do nothing",
                                day.toString(),
                                differences)
                > 0;
    }

    boolean wasRun(LocalDate day) {
        return database.dsl(Pool.JOBS)
                .fetchOptional("select from reconciliation_run where day = ?::date", day.toString())
                .isPresent();
    }
}
