package io.mixgateway.platform.store;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;

/** How often the database is asked, by what for: four series a node. */
public final class DatabaseMeters implements MeterBinder {
    private final Database database;

    public DatabaseMeters(Database database) {
        this.database = database;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Pool pool : Pool.values()) {
            FunctionCounter.builder("mixgateway.database.connections.taken", database, d -> d.taken(pool))
                    .tag("pool", pool.name().toLowerCase(Locale.ROOT))
                    .description("How often a connection to the database was taken")
                    .register(registry);
        }
    }
}
