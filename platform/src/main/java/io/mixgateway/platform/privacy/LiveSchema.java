package io.mixgateway.platform.privacy;

import java.util.List;
import java.util.Objects;
import org.jooq.DSLContext;

/** What the database really holds. */
public final class LiveSchema {
    private LiveSchema() {}

    /** Every column of every table of ours, views and the partitions of a table left out. */
    public static List<Place.Column> columns(DSLContext dsl) {
        return dsl.fetch("""
                        select c.relname, a.attname from pg_class c
                        join pg_namespace n on n.oid = c.relnamespace
                        join pg_attribute a on a.attrelid = c.oid
                        where c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition
                          and a.attnum > 0 and not a.attisdropped
                          and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
                        order by c.relname, a.attnum""")
                .map(row -> Place.column(
                        Objects.requireNonNull(row.get(0, String.class)),
                        Objects.requireNonNull(row.get(1, String.class))));
    }
}
