package io.mixgateway.app;

import io.mixgateway.app.catalog.PriceVersions;
import io.mixgateway.platform.pricing.PriceBook;
import io.mixgateway.platform.pricing.Priced;
import io.mixgateway.platform.pricing.Rates;
import io.mixgateway.relay.money.Price;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/** The configuration's prices, each with the version under which the price book keeps it. */
record BookedPrices(PriceBook book) implements PriceVersions {
    @Override
    public List<Price> record(List<Offer> offers) {
        var rates = new LinkedHashMap<Priced, Rates>();
        offers.forEach(offer -> rates.put(what(offer), Rates.of(offer.price())));
        var versions = book.recordAll(rates, "configuration");
        return offers.stream()
                .map(offer -> Objects.requireNonNull(versions.get(what(offer))))
                .toList();
    }

    private static Priced what(Offer offer) {
        return new Priced(offer.provider(), offer.model());
    }
}
