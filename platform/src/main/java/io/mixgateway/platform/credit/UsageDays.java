package io.mixgateway.platform.credit;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;

/** The days of usage rows: one partition each. Blocking. */
final class UsageDays {
    private final Database database;

    UsageDays(Database database) {
        this.database = database;
    }

    /** Makes the days of usage rows that are near, should they not be there. Another node may be at it too. */
    void make() {
        database.transact(Pool.LEDGER, dsl -> {
            dsl.execute("set local lock_timeout = '2s'");
            return dsl.fetch("""
                    select usage_event_partition(day) from (
                      select (now() at time zone 'UTC')::date + i as day from generate_series(0, 3) as i) as near
                    where to_regclass('usage_event_' || to_char(day, 'YYYYMMDD')) is null order by day""");
        });
    }
}
