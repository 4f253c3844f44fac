package io.mixgateway.app.catalog;

import io.mixgateway.app.config.ConfigFile;
import io.mixgateway.app.config.ModelSettings;
import io.mixgateway.app.config.Setting;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The models of one preset and what its company asks for them: a file of {@code list-prices}. Each is read only where its
 * provider is used: all of them together would take a fifth of a start.
 */
public record ListPrices(
        @Setting("The day of the prices.") Optional<LocalDate> pricedOn,

        @Setting("Models whose price is plain.") List<ModelSettings> models) {

    static final String FOLDER = "list-prices";

    /** Of the preset called {@code name}; empty where none are known. */
    public static Optional<ListPrices> of(String name) {
        return ConfigFile.bundled(ListPrices.class, FOLDER + "/" + name + ".yaml");
    }

    /** The models of the preset called {@code name}; none where no prices are known. */
    static List<ModelSettings> modelsOf(String name) {
        return of(name).map(ListPrices::models).orElse(List.of());
    }
}
