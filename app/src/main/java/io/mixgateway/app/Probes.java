package io.mixgateway.app;

import io.mixgateway.app.reload.ConfigWatch;
import io.mixgateway.platform.credit.LeasedCredit;
import io.mixgateway.platform.journal.Journal;
import io.mixgateway.platform.store.Database;
import io.mixgateway.web.operations.Probe;
import io.mixgateway.web.operations.Probe.Health;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What readiness depends on. */
final class Probes {
    private Probes() {}

    /** @param started whether the first steps are done: from then on {@code first-run.json} is there */
    static List<Probe> of(
            BooleanSupplier started, Database database, LeasedCredit credit, Journal journal, ConfigWatch watch) {
        return List.of(
                new Probe("start", true, () -> start(started)),
                // Known keys go on for minutes without the database, out of what is leased: that is why it does not
                // take the node out of traffic.
                new Probe("database", false, () -> new Health(true, "PostgreSQL " + database.version())),
                new Probe("credit", false, () -> credit(credit)),
                new Probe("journal", true, () -> journal(journal)),
                new Probe("catalog", false, () -> catalog(watch)),
                new Probe("configuration", false, () -> configuration(watch)));
    }

    private static Health start(BooleanSupplier started) {
        return started.getAsBoolean() ? new Health(true, "done") : new Health(false, "the first steps are under way");
    }

    private static Health credit(LeasedCredit credit) {
        return credit.storeFailing()
                ? new Health(false, "the store does not answer; calls go on within what is leased")
                : new Health(true, "leases are renewed");
    }

    private static Health journal(Journal journal) {
        var trouble = journal.trouble();
        return trouble == null
                ? new Health(true, journal.backlogBytes() + " bytes wait to be booked")
                : new Health(false, trouble);
    }

    private static Health catalog(ConfigWatch watch) {
        int endpoints = watch.catalog().endpoints().size();
        return new Health(endpoints > 0, endpoints + " models can be called");
    }

    private static Health configuration(ConfigWatch watch) {
        return watch.refusal().isEmpty()
                ? new Health(true, "as the file says")
                : new Health(
                        false,
                        "the file has errors, so the configuration before it stays in force; the log names them");
    }
}
