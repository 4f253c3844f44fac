package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.store.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What must be true when a history has ended: every call it settled becomes one row, its accounts have what the model says,
 * and the whole `ledger verify`, begun after that, finds nothing. One look serves all histories that ended before it.
 */
final class HistoryEndings implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long EVERY_MILLIS = 1_000;
    /** So many times what a look took is waited before the next, so that looks do not take all the time. */
    private static final int SHARE = 8;

    private record Ending(History history, long since, CompletableFuture<Void> checked) {}

    /** What the database has of an account. */
    private record Booked(long rows, long balance, Map<String, Long> costs) {
        static final Booked NOTHING = new Booked(0, 0, Map.of());
    }

    private final MoneyWorld world;
    private final ConcurrentLinkedQueue<Ending> endings = new ConcurrentLinkedQueue<>();
    private final Thread looking;
    private volatile boolean stopping;
    private int looks;
    private long lastLookMillis;
    private long lookNanos;
    private long rows;

    HistoryEndings(MoneyWorld world) {
        this.world = world;
        this.looking = Thread.ofPlatform().daemon().name("endings").start(this::lookAgainAndAgain);
    }

    /** Completes when all that must be true was found true, else exceptionally. */
    CompletableFuture<Void> await(History history) {
        var ending = new Ending(history, System.nanoTime(), new CompletableFuture<>());
        endings.add(ending);
        return ending.checked;
    }

    private void lookAgainAndAgain() {
        while (!stopping) {
            var waiting = List.copyOf(endings);
            try {
                var ended = look(waiting);
                ended.forEach(ending -> ending.checked.complete(null));
                endings.removeAll(ended);
                Thread.sleep(Math.max(EVERY_MILLIS, lastLookMillis * SHARE));
            } catch (InterruptedException _) {
                return;
            } catch (AssertionError | RuntimeException e) {
                waiting.forEach(ending -> ending.checked.completeExceptionally(e));
                endings.removeAll(waiting);
            }
        }
    }

    /** Gives those that have ended well. */
    private List<Ending> look(List<Ending> waiting) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        var booked = booked(waiting);
        var ended = new ArrayList<Ending>();
        for (Ending ending : waiting) {
            boolean all = ending.history.accounts().stream()
                    .allMatch(account ->
                            booked.getOrDefault(account.account().value(), Booked.NOTHING).rows == account.settled());
            if (all) {
                ending.history.accounts().forEach(account -> compare(ending, account, booked));
                ended.add(ending);
            } else {
                assertThat(Duration.ofNanos(System.nanoTime() - ending.since))
                        .as("the history with seed %d is booked", ending.history.seed())
                        .isLessThan(PATIENCE);
            }
        }
        if (!ended.isEmpty()) {
            long began = System.nanoTime();
            var report = world.ledger.verify();
            looks++;
            lookNanos += System.nanoTime() - began;
            lastLookMillis = (System.nanoTime() - began) / 1_000_000;
            rows = report.checked();
            assertThat(report.violations())
                    .as(
                            "after the histories with seeds %s",
                            ended.stream().map(e -> e.history.seed()).toList())
                    .isEmpty();
        }
        return ended;
    }

    private static void compare(Ending ending, PlayedAccount account, Map<String, Booked> booked) {
        var has = booked.get(account.account().value());
        assertThat(has)
                .as("%s in the history with seed %d", account.account(), ending.history.seed())
                .isEqualTo(new Booked(account.settled(), account.balance(), account.costs()));
    }

    private Map<String, Booked> booked(List<Ending> waiting) {
        var ids = waiting.stream()
                .flatMap(ending -> ending.history.accounts().stream())
                .map(account -> account.account().value())
                .toArray(String[]::new);
        // One statement, so that all of it is of one moment.
        var found = world.store().database().dsl(Pool.JOBS).fetch("""
                select a.owner, a.balance, e.key_id, coalesce(e.calls, 0), coalesce(e.cost, 0)
                from ledger_account a
                join budget b on b.account_id = a.owner and b.kind = 'credit'
                left join lateral (select k.key_id, count(*) as calls, sum(u.cost)::bigint as cost
                  from usage_event u join generation_kind k on k.id = u.kind_id
                  where u.budget_id = b.id group by 1) e on true
                where a.code = 'credit' and a.owner = any(?::text[])""", (Object) ids);
        var booked = new HashMap<String, Booked>();
        for (var row : found) {
            long cost = row.get(4, Long.class);
            booked.merge(
                    row.get(0, String.class),
                    new Booked(
                            row.get(3, Long.class),
                            row.get(1, Long.class),
                            cost == 0 ? Map.of() : Map.of(row.get(2, String.class), cost)),
                    HistoryEndings::add);
        }
        return booked;
    }

    private static Booked add(Booked a, Booked b) {
        var costs = new HashMap<>(a.costs);
        b.costs.forEach((key, cost) -> costs.merge(key, cost, Math::addExact));
        return new Booked(a.rows + b.rows, a.balance, costs);
    }

    @Override
    public String toString() {
        return looks + " looks at the books of " + lookNanos / Math.max(1, looks) / 1_000_000 + " ms, at last " + rows
                + " rows";
    }

    @Override
    public void close() {
        stopping = true;
        looking.interrupt();
    }
}
