package io.mixgateway.platform.pricing;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.money.Tariff;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.JSONB;
import org.jooq.impl.DSL;

/** Prices that came in files, each with the time from which it holds. Never changed: a later import wins. Blocking. */
public final class PriceImports {
    private static final int MOST = 100_000;

    private final Database database;

    public PriceImports(Database database) {
        this.database = database;
    }

    /**
     * One price of a file.
     *
     * @param tariffs by service tier; the standard one is always there. Without markup.
     */
    public record Imported(String provider, String model, Map<ServiceTier, Tariff> tariffs) {
        public Imported {
            tariffs = Map.copyOf(tariffs);
            if (!tariffs.containsKey(ServiceTier.STANDARD)) {
                throw new IllegalArgumentException(
                        "price of " + provider + ":" + model + ": no standard tier (expected: one)");
            }
        }
    }

    /** Keeps the prices of one file, which hold from {@code effective} on; in one transaction. */
    public void add(List<Imported> prices, Instant effective, String source) {
        if (prices.size() > MOST) {
            throw new IllegalArgumentException("prices: " + prices.size() + " (expected: at most " + MOST + ")");
        }
        database.execute(Pool.JOBS, tx -> {
            for (Imported price : prices) {
                tx.execute(
                        """
                        insert into price_import (provider, model, effective_from, tariffs, source)
                        values ({0}, {1}, {2}, {3}, {4})""",
                        DSL.val(price.provider()),
                        DSL.val(price.model()),
                        DSL.val(effective.atOffset(ZoneOffset.UTC)),
                        DSL.val(JSONB.valueOf(TariffJson.tariffs(price.tariffs()))),
                        DSL.val(source));
            }
        });
    }

    /** What holds at {@code time}, by {@code provider:model}; nothing for a model that no file priced by then. */
    public Map<String, Imported> inForce(Instant time) {
        var rows = database.dsl(Pool.JOBS).fetch("""
                        select distinct on (provider, model) provider, model, tariffs::text
                        from price_import where effective_from <= {0}
                        order by provider, model, effective_from desc, id desc""", DSL.val(time.atOffset(ZoneOffset.UTC)));
        var found = new LinkedHashMap<String, Imported>();
        new ArrayList<>(rows).forEach(row -> {
            var price = new Imported(
                    row.get(0, String.class), row.get(1, String.class), TariffJson.tariffs(row.get(2, String.class)));
            found.put(price.provider() + ":" + price.model(), price);
        });
        return found;
    }
}
