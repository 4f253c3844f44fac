package io.mixgateway.platform.pricing;

import static io.mixgateway.platform.db.Tables.PRICE_VERSION;
import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.db.tables.records.PriceVersionRecord;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.UsageClass;
import io.mixgateway.relay.money.Price;
import io.mixgateway.relay.money.Rates;
import io.mixgateway.relay.money.Tariff;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;

/**
 * Prices with the time from which they hold. A version's name says all of it: {@code
 * openai:gpt-4.1-mini@2026-11-23T10:00:00Z#1c291ca3}.
 */
public final class PriceBook {
    /** As {@link Price#version} writes it behind the version's own name, which ends with eight hex digits. */
    private static final Pattern DISCOUNT = Pattern.compile("(?<=#[0-9a-f]{8})-([0-9]{1,3}(?:\\.[0-9]{1,4})?)%$");

    private static final int MOST_AT_ONCE = 100_000;
    private static final long LOCK = 0x7072696365L; // "price", for pg_advisory_xact_lock

    private final Database database;
    private final Clock clock;

    public PriceBook(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes {@code tariff} the price from now on: as a new version where it differs from the newest, else nothing changes.
     *
     * @param source where it is from, such as {@code configuration}
     */
    public Price record(Priced what, Tariff tariff, String source) {
        return requireNonNull(recordAll(Map.of(what, tariff), source).get(what));
    }

    /** As {@link #record}, for a whole catalogue: one round trip when nothing changed, three otherwise. */
    public Map<Priced, Price> recordAll(Map<Priced, Tariff> catalogue, String source) {
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

    private static Map<Priced, Tariff> changed(Map<Priced, Tariff> catalogue, Map<Priced, PriceVersionRecord> newest) {
        var changed = new LinkedHashMap<Priced, Tariff>();
        catalogue.forEach((what, tariff) -> {
            var row = newest.get(what);
            if (row == null || !price(row).tariff().equals(tariff)) {
                changed.put(what, tariff);
            }
        });
        return changed;
    }

    /** The newest version of each; with whole columns as arrays, whatever the number of models. */
    private static Map<Priced, PriceVersionRecord> newest(DSLContext dsl, Map<Priced, Tariff> catalogue) {
        var providers = catalogue.keySet().stream().map(Priced::provider).toArray(String[]::new);
        var models = catalogue.keySet().stream().map(Priced::model).toArray(String[]::new);
        var tiers = catalogue.keySet().stream().map(what -> what.tier().code()).toArray(String[]::new);
        var asked = DSL.table("unnest({0}, {1}, {2})", DSL.val(providers), DSL.val(models), DSL.val(tiers))
                .as("asked", "provider", "model", "tier");
        var rows = dsl.select(PRICE_VERSION.fields())
                .distinctOn(PRICE_VERSION.PROVIDER, PRICE_VERSION.MODEL, PRICE_VERSION.SERVICE_TIER)
                .from(PRICE_VERSION)
                .join(asked)
                .on(PRICE_VERSION.PROVIDER.eq(DSL.field(DSL.name("asked", "provider"), String.class)))
                .and(PRICE_VERSION.MODEL.eq(DSL.field(DSL.name("asked", "model"), String.class)))
                .and(PRICE_VERSION.SERVICE_TIER.eq(DSL.field(DSL.name("asked", "tier"), String.class)))
                .orderBy(
                        PRICE_VERSION.PROVIDER,
                        PRICE_VERSION.MODEL,
                        PRICE_VERSION.SERVICE_TIER,
                        PRICE_VERSION.EFFECTIVE_FROM.desc())
                .fetchInto(PRICE_VERSION);
        var newest = new HashMap<Priced, PriceVersionRecord>();
        rows.forEach(row -> newest.put(priced(row), row));
        return newest;
    }

    private static Priced priced(PriceVersionRecord row) {
        return new Priced(
                row.getProvider(),
                row.getModel(),
                ServiceTier.of(row.getServiceTier()).orElseThrow());
    }

    private Map<Priced, PriceVersionRecord> append(
            DSLContext tx, Map<Priced, Tariff> catalogue, Map<Priced, PriceVersionRecord> newest, String source) {
        var now =
                OffsetDateTime.now(clock).withOffsetSameInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        var added = new ArrayList<PriceVersionRecord>();
        changed(catalogue, newest).forEach((what, tariff) -> {
            var before = newest.get(what);
            // Also when a clock was set back, or two changes fall into one microsecond: the later one wins.
            var from = before == null || before.getEffectiveFrom().isBefore(now)
                    ? now
                    : before.getEffectiveFrom().plus(1, ChronoUnit.MICROS);
            added.add(row(what, tariff, from, source));
        });
        tx.batchInsert(added).execute();
        added.forEach(row -> newest.put(priced(row), row));
        return newest;
    }

    private static PriceVersionRecord row(Priced what, Tariff tariff, OffsetDateTime from, String source) {
        var row = new PriceVersionRecord();
        row.setVersion(what + "@" + from.toInstant() + "#" + fingerprint(tariff));
        row.setProvider(what.provider());
        row.setModel(what.model());
        row.setEffectiveFrom(from);
        row.setServiceTier(what.tier().code());
        row.setFree(tariff.free());
        row.setMarkup(tariff.markupMillionths());
        UsageClass.ALL.forEach(of -> row.set(rate(of), tariff.base().of(of)));
        row.setLongPrompts(JSONB.valueOf(TariffJson.longPrompts(tariff)));
        row.setRequest(tariff.request());
        row.setSource(source);
        return row;
    }

    /** The price that holds at {@code time}; empty when there is none yet, which is not the same as free. */
    public Optional<Price> current(Priced what, Instant time) {
        return database.dsl(Pool.JOBS)
                .selectFrom(PRICE_VERSION)
                .where(PRICE_VERSION.PROVIDER.eq(what.provider()))
                .and(PRICE_VERSION.MODEL.eq(what.model()))
                .and(PRICE_VERSION.SERVICE_TIER.eq(what.tier().code()))
                .and(PRICE_VERSION.EFFECTIVE_FROM.le(time.atOffset(ZoneOffset.UTC)))
                .orderBy(PRICE_VERSION.EFFECTIVE_FROM.desc())
                .limit(1)
                .fetchOptional(PriceBook::price);
    }

    /** The price that a generation was billed with, with the discount of its caller's plan. */
    public Optional<Price> find(String version) {
        var discount = DISCOUNT.matcher(version);
        return discount.find()
                ? row(version.substring(0, discount.start())).flatMap(price -> discounted(price, discount.group(1)))
                : row(version);
    }

    private static Optional<Price> discounted(Price price, String percent) {
        int millionths = new BigDecimal(percent).movePointRight(4).intValueExact();
        return millionths > 1_000_000 ? Optional.empty() : Optional.of(price.discounted(millionths));
    }

    private Optional<Price> row(String version) {
        return database.dsl(Pool.PAGES)
                .selectFrom(PRICE_VERSION)
                .where(PRICE_VERSION.VERSION.eq(version))
                .fetchOptional(PriceBook::price);
    }

    /** The column of a class is called as the class is. */
    private static Field<Long> rate(UsageClass what) {
        return requireNonNull(PRICE_VERSION.field(what.code(), Long.class), what.code());
    }

    private static Price price(PriceVersionRecord row) {
        var rates = new EnumMap<UsageClass, Long>(UsageClass.class);
        UsageClass.ALL.forEach(what -> rates.put(what, requireNonNull(row.get(rate(what)))));
        return new Tariff(
                        row.getFree(),
                        Rates.of(rates),
                        TariffJson.longPrompts(row.getLongPrompts().data()),
                        row.getRequest(),
                        row.getMarkup())
                .as(row.getVersion());
    }

    /** Eight hex digits that tell two versions of one moment apart for a human reader. */
    private static String fingerprint(Tariff tariff) {
        var sum = new CRC32C();
        sum.update((TariffJson.tariffs(Map.of(ServiceTier.STANDARD, tariff)) + tariff.markupMillionths())
                .getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
