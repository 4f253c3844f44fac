package io.mixgateway.web.api;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.keys.ApiKey;
import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.keys.Cap;
import io.mixgateway.platform.ledger.Balances;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.pricing.PriceBook;
import io.mixgateway.platform.usage.Generations;
import io.mixgateway.platform.usage.KeyUsage;
import io.mixgateway.platform.usage.KeyUsage.CapUse;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What an account can ask about itself with one of its keys. */
public final class ManagementApi {
    private static final int USUAL_LIMIT = 20;
    private static final int MOST = 100;

    private final Generations generations;
    private final PriceBook prices;
    private final Ledger ledger;
    private final ApiKeys keys;
    private final Function<Caller, KeyUsage> keyUsage;

    /** @param keyUsage what the key that is asked with has spent; may block */
    public ManagementApi(
            Generations generations,
            PriceBook prices,
            Ledger ledger,
            ApiKeys keys,
            Function<Caller, KeyUsage> keyUsage) {
        this.prices = requireNonNull(prices, "prices");
        this.generations = requireNonNull(generations, "generations");
        this.ledger = requireNonNull(ledger, "ledger");
        this.keys = requireNonNull(keys, "keys");
        this.keyUsage = requireNonNull(keyUsage, "keyUsage");
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/generations", Permission.API_KEY, this::list),
                Route.get("/api/v1/generations/:id", Permission.API_KEY, this::one),
                Route.get("/api/v1/credits", Permission.API_KEY, this::credits),
                Route.get("/api/v1/key", Permission.API_KEY, this::key));
    }

    private Answer one(Asked asked) {
        var caller = asked.signedCaller();
        var id = id(asked.segment("id"), "id");
        return generations
                .find(caller.account(), id)
                .map(generation -> Answer.json(receipt(generation, currency(caller))))
                .orElseThrow(() -> new CallRefused(
                        Refusal.NOT_FOUND,
                        "This account has no generation " + id
                                + ". One that has just ended can be read within two seconds.",
                        "id"));
    }

    private Map<String, Object> receipt(Generation generation, String currency) {
        var document = GenerationDocument.of(generation, currency);
        prices.find(generation.priceVersion()).ifPresent(price -> Receipt.explain(document, generation, price));
        return document;
    }

    private Answer list(Asked asked) {
        var caller = asked.signedCaller();
        int limit = limit(asked.query().getOrDefault("limit", Integer.toString(USUAL_LIMIT)));
        var after = Optional.ofNullable(asked.query().get("after")).map(text -> id(text, "after"));
        // One more than asked for tells whether there is a next page.
        var found = generations.list(caller.account(), limit + 1, after);
        var page = found.subList(0, Math.min(limit, found.size()));
        var currency = currency(caller);
        var document = new LinkedHashMap<String, Object>();
        document.put(
                "data",
                page.stream()
                        .map(generation -> GenerationDocument.of(generation, currency))
                        .toList());
        document.put("next", found.size() > limit ? cursor(page) : null);
        return Answer.json(document);
    }

    private static String cursor(List<Generation> page) {
        return page.getLast().id().value();
    }

    private Answer credits(Asked asked) {
        return Answer.json(document(ledger.balances(asked.signedCaller().account())));
    }

    private static Map<String, Object> document(Balances balances) {
        var document = new LinkedHashMap<String, Object>();
        document.put("account", balances.account().value());
        document.put("currency", balances.currency());
        document.put("balance", balances.balance().toDecimal());
        document.put("held", balances.held().toDecimal());
        document.put("available", balances.available().toDecimal());
        return document;
    }

    private Answer key(Asked asked) {
        var caller = asked.signedCaller();
        var key = keys.find(caller.key())
                .orElseThrow(() -> new CallRefused(Refusal.INVALID_API_KEY, "The API key is not valid any more."));
        return Answer.json(document(key, keyUsage.apply(caller)));
    }

    private static Map<String, Object> document(ApiKey key, KeyUsage usage) {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", key.id().value());
        document.put("name", key.name());
        document.put("account", key.account().value());
        document.put("created_at", key.createdAt().toString());
        document.put("expires_at", key.expiresAt().map(Instant::toString).orElse(null));
        document.put(
                "caps", key.caps().stream().map(cap -> document(cap, usage)).toList());
        document.put("limits", List.of());
        document.put(
                "usage",
                Map.of(
                        "calls",
                        usage.calls(),
                        "tokens",
                        usage.tokens(),
                        "cost",
                        usage.cost().toDecimal()));
        return document;
    }

    /** A cap with what was spent in its present window, which begins with the first call in it. */
    private static Map<String, Object> document(Cap cap, KeyUsage usage) {
        var now = usage.caps().stream()
                .filter(use -> use.per().equals(cap.per().word()))
                .findFirst();
        var document = new LinkedHashMap<String, Object>();
        document.put("amount", cap.amount().toDecimal());
        document.put("per", cap.per().word());
        document.put("spent", now.map(CapUse::spent).orElse(Nanos.ZERO).toDecimal());
        document.put("held", now.map(CapUse::held).orElse(Nanos.ZERO).toDecimal());
        return document;
    }

    private String currency(Caller caller) {
        return ledger.balances(caller.account()).currency();
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // The same as a number out of range.
        }
        throw new CallRefused(Refusal.INVALID_REQUEST, "limit: not a number from 1 to " + MOST + ".", "limit");
    }

    private static GenerationId id(String text, String param) {
        try {
            return new GenerationId(text);
        } catch (IllegalArgumentException _) {
            throw new CallRefused(
                    Refusal.INVALID_REQUEST, param + ": not the id of a generation (expected: gen-…).", param);
        }
    }
}
