package io.mixgateway.app.trial;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/**
 * The books against what the clients saw.
 *
 * @param rows generations in the books
 * @param complete answers that clients saw complete
 * @param notCharged of those, which have no row
 * @param wrongCost of those, which have a row of another cost
 * @param twice generations that have more than one row
 * @param told ids that clients were told more than once
 * @param cutRows rows of answers that their clients did not see complete
 * @param clientNanos what complete answers cost by the clients' own reckoning
 * @param cutNanos what the books have for the others
 * @param spentNanos what the ledger says is gone: all that was granted, less the balance
 * @param leases what is still leased, in rows
 * @param heldNanos what is still held or leased
 * @param violations of `ledger verify`
 */
record Audit(
        long rows,
        long complete,
        List<String> notCharged,
        List<String> wrongCost,
        List<String> twice,
        List<String> told,
        long cutRows,
        long clientNanos,
        long cutNanos,
        long spentNanos,
        long leases,
        long heldNanos,
        List<String> violations) {

    static Audit of(GatewayOptions options, Collection<Load.Call> calls) {
        try (var store = OpenStore.forCommand(options)) {
            var dsl = store.database().dsl(Pool.JOBS);
            var booked = new HashMap<String, Long>();
            var twice = new ArrayList<String>();
            long rows = 0;
            for (var row : dsl.fetch("select id, cost from generation")) {
                var id = row.get(0, String.class);
                if (booked.containsKey(id)) {
                    twice.add(id);
                }
                booked.merge(id, row.get(1, Long.class), Math::addExact);
                rows++;
            }
            var notCharged = new ArrayList<String>();
            var wrongCost = new ArrayList<String>();
            var told = new ArrayList<String>();
            var seen = new HashSet<String>();
            long clientNanos = 0;
            long complete = 0;
            long left = booked.values().stream().mapToLong(Long::longValue).sum();
            for (Load.Call call : calls) {
                if (!call.generation().isEmpty() && !seen.add(call.generation())) {
                    told.add(call.generation());
                }
                if (!call.complete()) {
                    continue;
                }
                complete++;
                clientNanos += call.cost();
                var cost = booked.get(call.generation());
                if (cost == null) {
                    notCharged.add(call.generation());
                } else {
                    left -= cost;
                    if (cost != call.cost()) {
                        wrongCost.add(call.generation() + ": " + cost + " for " + call.cost());
                    }
                }
            }
            var owner = new AccountId(
                    dsl.fetchSingle("select owner_account_id from installation").get(0, String.class));
            long spent = dsl.fetchSingle("""
                    select coalesce(-sum(p.amount), 0)::bigint from posting p join transfer t on t.id = p.transfer_id
                    join ledger_account a on a.id = p.ledger_account_id
                    where a.owner = ? and a.code = 'credit' and t.kind = 'usage'""", owner.value()).get(0, Long.class);
            var ledger = new Ledger(store.database(), Clock.systemUTC());
            return new Audit(
                    rows,
                    complete,
                    notCharged,
                    wrongCost,
                    twice,
                    told,
                    rows - complete + notCharged.size(),
                    clientNanos,
                    left,
                    spent,
                    dsl.fetchSingle("select count(*) from lease").get(0, Long.class),
                    ledger.balances(owner).held().value()
                            + dsl.fetchSingle("select coalesce(sum(leased), 0)::bigint from budget")
                                    .get(0, Long.class),
                    ledger.verify().violations());
        }
    }

    /** Whether everything is as it must be while the gateway may still run. */
    boolean exact() {
        return notCharged.isEmpty()
                && wrongCost.isEmpty()
                && twice.isEmpty()
                && told.isEmpty()
                && violations.isEmpty()
                && spentNanos == clientNanos + cutNanos;
    }

    /** Whether nothing is left, once the gateway has ended. */
    boolean nothingLeft() {
        return leases == 0 && heldNanos == 0;
    }

    /** Lines of a Markdown table. */
    String table() {
        return """
                | | |
                |---|---|
                | answers that clients saw complete | %d |
                | of these charged exactly once, at the client's own reckoning | %d |
                | of these not charged | %d |
                | of these charged something else | %d |
                | generations charged twice | %d |
                | ids told twice | %d |
                | rows of answers that were cut (settled, the end not seen) | %d |
                | clients' sum, nanos | %d |
                | + rows of cut answers, nanos | %d |
                | = ledger, nanos | %d |
                | leases left | %d |
                | held or leased, nanos | %d |
                | `ledger verify` | %s |
                """.formatted(
                        complete,
                        complete - notCharged.size() - wrongCost.size(),
                        notCharged.size(),
                        wrongCost.size(),
                        twice.size(),
                        told.size(),
                        cutRows,
                        clientNanos,
                        cutNanos,
                        spentNanos,
                        leases,
                        heldNanos,
                        violations.isEmpty() ? "ok" : violations.toString());
    }
}
