package io.mixgateway.app.catalog;

import io.mixgateway.app.config.ConfigFile;
import io.mixgateway.app.config.ModelSettings;
import io.mixgateway.app.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
        var path = FOLDER + "/" + name + ".yaml";
        try (var file = ListPrices.class.getResourceAsStream(path)) {
            if (file == null) {
                return Optional.empty();
            }
            var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            var read = ConfigFile.readPlain(ListPrices.class, text, path);
            read.problems().throwIfAny(path);
            return Optional.of(read.settings());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The models of the preset called {@code name}; none where no prices are known. */
    static List<ModelSettings> modelsOf(String name) {
        return of(name).map(ListPrices::models).orElse(List.of());
    }
}
