package io.mixgateway.app;

import io.mixgateway.app.catalog.PriceVersions;
import io.mixgateway.platform.pricing.PriceBook;
import io.mixgateway.platform.pricing.Priced;
import io.mixgateway.relay.money.Price;
import io.mixgateway.relay.money.Tariff;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/** The configuration's prices, each with the version under which the price book keeps it. */
record BookedPrices(PriceBook book) implements PriceVersions {
    @Override
    public List<Price> record(List<Offer> offers) {
        var tariffs = new LinkedHashMap<Priced, Tariff>();
        offers.forEach(offer -> tariffs.put(what(offer), offer.tariff()));
        var versions = book.recordAll(tariffs, "configuration");
        return offers.stream()
                .map(offer -> Objects.requireNonNull(versions.get(what(offer))))
                .toList();
    }

    private static Priced what(Offer offer) {
        return new Priced(offer.provider(), offer.model(), offer.tier());
    }
}
