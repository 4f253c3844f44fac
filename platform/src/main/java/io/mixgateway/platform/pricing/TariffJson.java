package io.mixgateway.platform.pricing;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.UsageClass;
import io.mixgateway.relay.money.Rates;
import io.mixgateway.relay.money.Tariff;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tariffs as the database keeps them in JSON: classes by their code, rates in nanos. */
final class TariffJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ABOVE = "above";

    private TariffJson() {}

    /** {@code [{"above":200000,"input":2500000000,…},…]}. */
    static String longPrompts(Tariff tariff) {
        return JSON.writeValueAsString(list(tariff));
    }

    private static List<Map<String, Object>> list(Tariff tariff) {
        return tariff.longPrompts().stream()
                .map(longer -> {
                    var row = new LinkedHashMap<String, Object>();
                    row.put(ABOVE, longer.above());
                    row.putAll(rates(longer.rates()));
                    return (Map<String, Object>) row;
                })
                .toList();
    }

    private static Map<String, Long> rates(Rates rates) {
        var map = new LinkedHashMap<String, Long>();
        UsageClass.ALL.forEach(what -> map.put(what.code(), rates.of(what)));
        return map;
    }

    static List<Tariff.LongPrompt> longPrompts(String json) {
        return longPrompts(JSON.readTree(json));
    }

    private static List<Tariff.LongPrompt> longPrompts(JsonNode list) {
        var read = new ArrayList<Tariff.LongPrompt>();
        list.forEach(row -> read.add(new Tariff.LongPrompt(row.path(ABOVE).asLong(), rates(row))));
        return read;
    }

    /** A class that was not there when the row was written has the rate 0 in it. */
    private static Rates rates(JsonNode row) {
        var map = new EnumMap<UsageClass, Long>(UsageClass.class);
        UsageClass.ALL.forEach(what -> map.put(what, row.path(what.code()).asLong(0)));
        return Rates.of(map);
    }

    static String tariffs(Map<ServiceTier, Tariff> tariffs) {
        var document = new LinkedHashMap<String, Object>();
        tariffs.forEach((tier, tariff) -> {
            var one = new LinkedHashMap<String, Object>();
            one.put("free", tariff.free());
            one.put("request", tariff.request());
            one.put("rates", rates(tariff.base()));
            one.put("long_prompts", list(tariff));
            document.put(tier.code(), one);
        });
        return JSON.writeValueAsString(document);
    }

    static Map<ServiceTier, Tariff> tariffs(String json) {
        var document = JSON.readTree(json);
        var tariffs = new EnumMap<ServiceTier, Tariff>(ServiceTier.class);
        for (ServiceTier tier : ServiceTier.values()) {
            var one = document.path(tier.code());
            if (one.isObject()) {
                tariffs.put(
                        tier,
                        new Tariff(
                                one.path("free").asBoolean(),
                                rates(one.path("rates")),
                                longPrompts(one.path("long_prompts")),
                                one.path("request").asLong(),
                                0));
            }
        }
        return tariffs;
    }
}
