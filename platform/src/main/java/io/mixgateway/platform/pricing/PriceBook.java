package io.mixgateway.platform.pricing;

import static io.mixgateway.platform.db.Tables.PRICE_VERSION;
import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.db.tables.records.PriceVersionRecord;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.money.Price;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * Prices with the time from which they hold. A version's name says all of it: {@code
 * openai:gpt-4.1-mini@2026-11-23T10:00:00Z#1c291ca3}.
 */
public final class PriceBook {
    private static final int MOST_AT_ONCE = 100_000;
    private static final long LOCK = 0x7072696365L; // "price", for pg_advisory_xact_lock

    private final Database database;
    private final Clock clock;

    public PriceBook(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes {@code rates} the price from now on: as a new version where they differ from the newest, else nothing changes.
     *
     * @param source where the rates are from, such as {@code configuration}
     */
    public Price record(Priced what, Rates rates, String source) {
        return requireNonNull(recordAll(Map.of(what, rates), source).get(what));
    }

    /** As {@link #record}, for a whole catalogue: one round trip when nothing changed, three otherwise. */
    public Map<Priced, Price> recordAll(Map<Priced, Rates> catalogue, String source) {
        if (catalogue.size() > MOST_AT_ONCE) {
            throw new IllegalArgumentException(
                    "prices: " + catalogue.size() + " at once (expected: at most " + MOST_AT_ONCE + ")");
        }
        if (catalogue.isEmpty()) {
            return Map.of();
        }
        var newest = newest(database.dsl(Pool.JOBS), catalogue);
        if (!changed(catalogue, newest).isEmpty()) {
            newest = database.transact(Pool.JOBS, tx -> {
                // Two nodes with the same new catalogue record it once.
                tx.execute("select pg_advisory_xact_lock({0})", DSL.inline(LOCK));
                return append(tx, catalogue, newest(tx, catalogue), source);
            });
        }
        var prices = new HashMap<Priced, Price>();
        newest.forEach((what, row) -> prices.put(what, price(row)));
        return Map.copyOf(prices);
    }

    private static Map<Priced, Rates> changed(Map<Priced, Rates> catalogue, Map<Priced, PriceVersionRecord> newest) {
        var changed = new LinkedHashMap<Priced, Rates>();
        catalogue.forEach((what, rates) -> {
            var row = newest.get(what);
            if (row == null || !Rates.of(price(row)).equals(rates)) {
                changed.put(what, rates);
            }
        });
        return changed;
    }

    /** The newest version of each; with whole columns as arrays, whatever the number of models. */
    private static Map<Priced, PriceVersionRecord> newest(DSLContext dsl, Map<Priced, Rates> catalogue) {
        var providers = catalogue.keySet().stream().map(Priced::provider).toArray(String[]::new);
        var models = catalogue.keySet().stream().map(Priced::model).toArray(String[]::new);
        var asked = DSL.table("unnest({0}, {1})", DSL.val(providers), DSL.val(models))
                .as("asked", "provider", "model");
        var rows = dsl.select(PRICE_VERSION.fields())
                .distinctOn(PRICE_VERSION.PROVIDER, PRICE_VERSION.MODEL)
                .from(PRICE_VERSION)
                .join(asked)
                .on(PRICE_VERSION.PROVIDER.eq(DSL.field(DSL.name("asked", "provider"), String.class)))
                .and(PRICE_VERSION.MODEL.eq(DSL.field(DSL.name("asked", "model"), String.class)))
                .orderBy(PRICE_VERSION.PROVIDER, PRICE_VERSION.MODEL, PRICE_VERSION.EFFECTIVE_FROM.desc())
                .fetchInto(PRICE_VERSION);
        var newest = new HashMap<Priced, PriceVersionRecord>();
        rows.forEach(row -> newest.put(new Priced(row.getProvider(), row.getModel()), row));
        return newest;
    }

    private Map<Priced, PriceVersionRecord> append(
            DSLContext tx, Map<Priced, Rates> catalogue, Map<Priced, PriceVersionRecord> newest, String source) {
        var now =
                OffsetDateTime.now(clock).withOffsetSameInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        var added = new ArrayList<PriceVersionRecord>();
        changed(catalogue, newest).forEach((what, rates) -> {
            var before = newest.get(what);
            // Also when a clock was set back, or two changes fall into one microsecond: the later one wins.
            var from = before == null || before.getEffectiveFrom().isBefore(now)
                    ? now
                    : before.getEffectiveFrom().plus(1, ChronoUnit.MICROS);
            added.add(row(what, rates, from, source));
        });
        tx.batchInsert(added).execute();
        added.forEach(row -> newest.put(new Priced(row.getProvider(), row.getModel()), row));
        return newest;
    }

    private static PriceVersionRecord row(Priced what, Rates rates, OffsetDateTime from, String source) {
        var row = new PriceVersionRecord();
        row.setVersion(what + "@" + from.toInstant() + "#" + rates.fingerprint());
        row.setProvider(what.provider());
        row.setModel(what.model());
        row.setEffectiveFrom(from);
        row.setFree(rates.free());
        row.setInput(rates.input());
        row.setCacheRead(rates.cacheRead());
        row.setCacheWrite_5m(rates.cacheWrite5m());
        row.setCacheWrite_1h(rates.cacheWrite1h());
        row.setOutput(rates.output());
        row.setReasoning(rates.reasoning());
        row.setAudioInput(rates.audioInput());
        row.setAudioOutput(rates.audioOutput());
        row.setImageInput(rates.imageInput());
        row.setImageOutput(rates.imageOutput());
        row.setRequest(rates.request());
        row.setSource(source);
        return row;
    }

    /** The price that holds at {@code time}; empty when there is none yet, which is not the same as free. */
    public Optional<Price> current(Priced what, Instant time) {
        return database.dsl(Pool.JOBS)
                .selectFrom(PRICE_VERSION)
                .where(PRICE_VERSION.PROVIDER.eq(what.provider()))
                .and(PRICE_VERSION.MODEL.eq(what.model()))
                .and(PRICE_VERSION.EFFECTIVE_FROM.le(time.atOffset(ZoneOffset.UTC)))
                .orderBy(PRICE_VERSION.EFFECTIVE_FROM.desc())
                .limit(1)
                .fetchOptional(PriceBook::price);
    }

    /** The price that a generation was billed with. */
    public Optional<Price> find(String version) {
        return database.dsl(Pool.PAGES)
                .selectFrom(PRICE_VERSION)
                .where(PRICE_VERSION.VERSION.eq(version))
                .fetchOptional(PriceBook::price);
    }

    private static Price price(PriceVersionRecord row) {
        return new Price(
                row.getVersion(),
                row.getFree(),
                row.getInput(),
                row.getCacheRead(),
                row.getCacheWrite_5m(),
                row.getCacheWrite_1h(),
                row.getOutput(),
                row.getReasoning(),
                row.getAudioInput(),
                row.getAudioOutput(),
                row.getImageInput(),
                row.getImageOutput(),
                row.getRequest());
    }
}
