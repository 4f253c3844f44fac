package io.mixgateway.app.config;

import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Price;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a model costs: US dollars per million tokens, and per request. A class of tokens without its own rate is
 * charged as the nearest class that has one, never as nothing.
 */
public record PriceSettings(
        @Setting("Input tokens, USD per million. Must be given; 0 where only `request` is charged.")
        Optional<Nanos> input,

        @Setting("Input read from the provider's cache. Left out: as `input`.")
        Optional<Nanos> cachedInput,

        @Setting("Input written to the provider's cache. Left out: as `input`.")
        Optional<Nanos> cacheWrite,

        @Setting(value = "Input written to the cache for an hour. Left out: as `cache-write`.", name = "cache-write-1h")
        Optional<Nanos> cacheWrite1h,

        @Setting("Output tokens. Left out: as `input`, with a warning; say 0 for a model without output.")
        Optional<Nanos> output,

        @Setting("Output tokens spent on reasoning. Left out: as `output`.")
        Optional<Nanos> reasoning,

        @Setting("Audio in. Left out: as `input`.") Optional<Nanos> audioInput,
        @Setting("Audio out. Left out: as `output`.") Optional<Nanos> audioOutput,
        @Setting("Images in. Left out: as `input`.") Optional<Nanos> imageInput,
        @Setting("Images out. Left out: as `output`.") Optional<Nanos> imageOutput,

        @Setting(value = "Each request, in USD, on top of the tokens.", byDefault = "0")
        Nanos request) {
    public PriceSettings {
        if (input.isEmpty()) {
            throw new IllegalArgumentException(
                    "input: missing (expected: USD per million tokens; 0 where only request is charged)");
        }
    }

    /** Whether nothing in it is above 0. */
    public boolean isZero() {
        return !request.isPositive()
                && Stream.of(
                                input,
                                cachedInput,
                                cacheWrite,
                                cacheWrite1h,
                                output,
                                reasoning,
                                audioInput,
                                audioOutput,
                                imageInput,
                                imageOutput)
                        .flatMap(Optional::stream)
                        .noneMatch(Nanos::isPositive);
    }

    /** In nanos per million tokens, with every class filled in. */
    public Price toPrice(String version) {
        var in = input.orElseThrow();
        var write = cacheWrite.orElse(in);
        var out = output.orElse(in);
        return new Price(
                version,
                false,
                in.value(),
                cachedInput.orElse(in).value(),
                write.value(),
                cacheWrite1h.orElse(write).value(),
                out.value(),
                reasoning.orElse(out).value(),
                audioInput.orElse(in).value(),
                audioOutput.orElse(out).value(),
                imageInput.orElse(in).value(),
                imageOutput.orElse(out).value(),
                request.value());
    }
}
