package io.mixgateway.app.catalog;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.money.Price;
import io.mixgateway.relay.money.Tariff;
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

    /** What the configuration says that an endpoint charges in one service tier. */
    record Offer(String provider, String model, ServiceTier tier, Tariff tariff) {
        public Offer {
            Objects.requireNonNull(provider, "provider");
            Objects.requireNonNull(model, "model");
            Objects.requireNonNull(tier, "tier");
            Objects.requireNonNull(tariff, "tariff");
        }
    }

    /** Versions drawn from the rates alone, so that equal prices have equal versions without any record of them. */
    static PriceVersions ofRates() {
        return offers -> offers.stream().map(PriceVersions::named).toList();
    }

    private static Price named(Offer offer) {
        var text = offer.provider() + "\n" + offer.model() + "\n" + offer.tier() + "\n" + offer.tariff();
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return offer.tariff().as("rates-" + HexFormat.of().formatHex(digest, 0, 6));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
