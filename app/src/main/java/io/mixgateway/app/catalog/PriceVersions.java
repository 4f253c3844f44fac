package io.mixgateway.app.catalog;

import io.mixgateway.relay.money.Price;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Gives prices the version under which generations remember them. May block. */
@FunctionalInterface
public interface PriceVersions {
    /**
     * The same prices in the same order, each with its version: the one in force if nothing about it changed, else a
     * new one.
     */
    List<Price> record(List<Offer> offers);

    /**
     * A price that the configuration names for an endpoint.
     *
     * @param price with a version that says nothing yet
     */
    record Offer(String provider, String model, Price price) {
        public Offer {
            Objects.requireNonNull(provider, "provider");
            Objects.requireNonNull(model, "model");
            Objects.requireNonNull(price, "price");
        }
    }

    /** Versions drawn from the rates alone, so that equal prices have equal versions without any record of them. */
    static PriceVersions ofRates() {
        return offers -> offers.stream().map(PriceVersions::named).toList();
    }

    private static Price named(Offer offer) {
        var rates = offer.price();
        var text = offer.provider() + "\n" + offer.model() + "\n" + rates;
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            var version = "rates-" + HexFormat.of().formatHex(digest, 0, 6);
            return rates.free() ? Price.free(version) : withVersion(rates, version);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Price withVersion(Price rates, String version) {
        return new Price(
                version,
                false,
                rates.input(),
                rates.cacheRead(),
                rates.cacheWrite5m(),
                rates.cacheWrite1h(),
                rates.output(),
                rates.reasoning(),
                rates.audioInput(),
                rates.audioOutput(),
                rates.imageInput(),
                rates.imageOutput(),
                rates.request());
    }
}
