package io.mixgateway.web.api;

import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Price;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a charge comes about, line by line, from the very price that made it (docs/billing). */
final class Receipt {
    private static final String NONE = "none";

    private Receipt() {}

    /** Adds it to the document of a generation. */
    static void explain(Map<String, Object> document, Generation generation, Price price) {
        var usage = generation.usage();
        // What ends without a charge has usage too, and no lines.
        boolean charged = generation.cost().equals(price.cost(usage));
        document.put("lines", charged ? lines(price, generation) : List.of());
        document.put("price", price(price, generation));
        document.put("settlement", settlement(generation));
    }

    private static List<Map<String, Object>> lines(Price price, Generation generation) {
        return price.lines(generation.usage()).stream().map(Receipt::line).toList();
    }

    /** Rates are in the currency for a million tokens; of a request, for one. */
    private static Map<String, Object> line(Price.Line line) {
        var row = new LinkedHashMap<String, Object>();
        row.put("class", line.what());
        row.put("tokens", line.count());
        row.put("rate", new Nanos(line.rate()).toDecimal());
        row.put("list_rate", new Nanos(line.listRate()).toDecimal());
        row.put("amount", line.amount().toDecimal());
        return row;
    }

    private static Map<String, Object> price(Price price, Generation generation) {
        var terms = new LinkedHashMap<String, Object>();
        terms.put("version", price.version());
        terms.put("free", price.free());
        terms.put("service_tier", price.tier().code());
        terms.put(
                "long_prompt_above", price.aboveOf(generation.usage()) == 0 ? null : price.aboveOf(generation.usage()));
        terms.put("markup", share(price.tariff().markupMillionths()));
        terms.put("discount", share(price.discount()));
        return terms;
    }

    private static String share(int millionths) {
        return millionths == 0
                ? NONE
                : BigDecimal.valueOf(millionths, 4).stripTrailingZeros().toPlainString() + "%";
    }

    private static Map<String, Object> settlement(Generation generation) {
        var left = generation.hold().minus(generation.cost());
        var document = new LinkedHashMap<String, Object>();
        document.put("held", generation.hold().toDecimal());
        document.put("charged", generation.cost().toDecimal());
        document.put("returned", (left.isNegative() ? Nanos.ZERO : left).toDecimal());
        return document;
    }
}
