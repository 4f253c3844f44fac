package io.mixgateway.web.api;

import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.meter.Usage;
import java.util.LinkedHashMap;
import java.util.Map;

/** A generation as {@code /api/v1/generations} shows it. The names are promises (INTERFACE: HTTP). */
final class GenerationDocument {
    private GenerationDocument() {}

    static Map<String, Object> of(Generation generation, String currency) {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", generation.id().value());
        document.put("created_at", generation.createdAt().toString());
        document.put("model", generation.modelAsked());
        document.put("model_sent", generation.modelSent());
        document.put("model_served", generation.modelServed());
        document.put("provider", generation.provider());
        document.put("key", generation.key().value());
        document.put("dialect", generation.dialect());
        document.put("streamed", generation.streamed());
        document.put("outcome", generation.outcome().code());
        document.put("usage", usage(generation.usage()));
        document.put("usage_source", generation.usageSource().code());
        document.put("cost", generation.cost().toDecimal());
        document.put("currency", currency);
        document.put("hold", generation.hold().toDecimal());
        document.put("price_version", generation.priceVersion());
        document.put("latency_ms", generation.latencyMillis());
        document.put("first_token_ms", generation.firstTokenMillis() < 0 ? null : generation.firstTokenMillis());
        document.put(
                "attempts",
                generation.attempts().stream().map(GenerationDocument::attempt).toList());
        return document;
    }

    private static Map<String, Object> usage(Usage usage) {
        var document = new LinkedHashMap<String, Object>();
        document.put("input", usage.input());
        document.put("cache_read", usage.cacheRead());
        document.put("cache_write", usage.cacheWrite());
        document.put("output", usage.output());
        document.put("reasoning", usage.reasoning());
        document.put("audio_input", usage.audioInput());
        document.put("audio_output", usage.audioOutput());
        document.put("image_input", usage.imageInput());
        document.put("image_output", usage.imageOutput());
        document.put("provider_total", usage.providerTotal() < 0 ? null : usage.providerTotal());
        return document;
    }

    private static Map<String, Object> attempt(Attempt attempt) {
        var document = new LinkedHashMap<String, Object>();
        document.put("provider", attempt.provider());
        document.put("status", attempt.status());
        document.put("outcome", attempt.outcome());
        return document;
    }
}
