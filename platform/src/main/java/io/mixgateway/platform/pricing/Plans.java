package io.mixgateway.platform.pricing;

import static io.mixgateway.platform.db.Tables.ACCOUNT;
import static io.mixgateway.platform.db.Tables.API_KEY;
import static io.mixgateway.platform.db.Tables.PLAN;
import static org.jooq.impl.DSL.select;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.AccountId;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** Terms that several accounts share: what they pay less. Every node follows a change within a second. Blocking. */
public final class Plans {
    private final Database database;

    public Plans(Database database) {
        this.database = database;
    }

    /**
     * A plan.
     *
     * @param discountMillionths what is taken off every price: 100 000 is 10 %
     * @param accounts how many are on it
     */
    public record Plan(String name, int discountMillionths, long accounts) {}

    /**
     * Makes a plan, or changes its discount. Calls that begin after it are charged so; what was charged stays.
     *
     * @throws ChangeRefused for a name or a discount that is none
     */
    public void set(String name, int discountMillionths) {
        if (!name.matches("[a-z0-9][a-z0-9_-]{0,39}")) {
            throw new ChangeRefused("plan: " + name + " (expected: small letters, digits, - and _)");
        }
        if (discountMillionths < 0 || discountMillionths > 1_000_000) {
            throw new ChangeRefused("discount: out of range (expected: 0 to 1)");
        }
        database.execute(Pool.JOBS, tx -> {
            tx.insertInto(PLAN)
                    .set(PLAN.NAME, name)
                    .set(PLAN.DISCOUNT, discountMillionths)
                    .onConflict(PLAN.NAME)
                    .doUpdate()
                    .set(PLAN.DISCOUNT, discountMillionths)
                    .execute();
            ApiKeys.announce(
                    tx, API_KEY.ACCOUNT_ID.in(select(ACCOUNT.ID).from(ACCOUNT).where(ACCOUNT.PLAN.eq(name))));
        });
    }

    /**
     * Puts an account on a plan, or on none.
     *
     * @throws ChangeRefused when there is no such account or plan
     */
    public void put(AccountId account, Optional<String> plan) {
        database.execute(Pool.JOBS, tx -> {
            plan.ifPresent(name -> refuseUnknown(tx, name));
            int changed = tx.update(ACCOUNT)
                    .set(ACCOUNT.PLAN, plan.orElse(null))
                    .where(ACCOUNT.ID.eq(account.value()))
                    .execute();
            if (changed == 0) {
                throw new ChangeRefused("account: " + account + " does not exist");
            }
            ApiKeys.announce(tx, API_KEY.ACCOUNT_ID.eq(account.value()));
        });
    }

    private static void refuseUnknown(DSLContext tx, String name) {
        if (!tx.fetchExists(PLAN, PLAN.NAME.eq(name))) {
            throw new ChangeRefused("plan: " + name + " does not exist");
        }
    }

    /** All plans, by name. */
    public List<Plan> list() {
        return database.dsl(Pool.JOBS)
                .fetch("""
                        select name, discount, (select count(*) from account a where a.plan = p.name) from plan p
                        order by name""")
                .map(row -> new Plan(row.get(0, String.class), row.get(1, Integer.class), row.get(2, Long.class)));
    }
}
