package io.mixgateway.platform.credit;

import io.mixgateway.platform.store.Database;

/** What credit keeps in the database. All of it blocks. */
record Stores(LeaseStore leases, NodeStore nodes, TermsStore terms, UsageDays days) {
    static Stores of(Database database, String node) {
        return new Stores(
                new LeaseStore(database, node),
                new NodeStore(database, node),
                new TermsStore(database),
                new UsageDays(database));
    }
}
