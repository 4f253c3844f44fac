package io.mixgateway.web.dashboard;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.platform.keys.ApiKey;
import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.keys.Cap;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The account's keys: made with a cap and an expiry, their secret shown once, revoked. */
final class KeyPages {
    private static final String PATH = "/dashboard/keys";
    private static final Map<String, Duration> LIVES = lives();

    private final Site site;
    private final Ledger ledger;
    private final ApiKeys keys;
    private final InstantSource clock;

    KeyPages(Site site, Ledger ledger, ApiKeys keys, InstantSource clock) {
        this.site = site;
        this.ledger = ledger;
        this.keys = keys;
        this.clock = clock;
    }

    private static Map<String, Duration> lives() {
        var lives = new LinkedHashMap<String, Duration>();
        lives.put("day", Duration.ofDays(1));
        lives.put("week", Duration.ofDays(7));
        lives.put("month", Duration.ofDays(30));
        lives.put("quarter", Duration.ofDays(90));
        lives.put("year", Duration.ofDays(365));
        return lives;
    }

    List<Route> routes() {
        return Stream.of(
                        site.page(PATH, Permission.VIEW_ACCOUNT, (page, asked) -> list(page, asked, 200, "")),
                        site.form(PATH, Permission.MANAGE_KEYS, this::create),
                        site.page(PATH + "/:id/revoke", Permission.MANAGE_KEYS, this::askToRevoke),
                        site.form(PATH + "/:id/revoke", Permission.MANAGE_KEYS, this::revoke))
                .flatMap(List::stream)
                .toList();
    }

    private Answer list(Page page, Asked asked, int status, String problem) {
        var account = asked.person().account();
        var all = keys.list(account);
        return page.titled(page.t("keys.title"))
                .draw(
                        status,
                        "dashboard/keys.jte",
                        Map.of(
                                "inUse",
                                all.stream().filter(this::works).toList(),
                                "ended",
                                all.stream().filter(key -> !works(key)).toList(),
                                "currency",
                                ledger.balances(account).currency(),
                                "mayChange",
                                Permission.MANAGE_KEYS.isOf(asked.person().role()),
                                "entered",
                                asked.form(),
                                "problem",
                                problem));
    }

    private boolean works(ApiKey key) {
        return key.revokedAt().isEmpty()
                && key.expiresAt().filter(end -> !end.isAfter(clock.instant())).isEmpty();
    }

    private Answer create(Page page, Asked asked) {
        var name = asked.field("name").strip();
        if (name.isEmpty() || name.length() > 100) {
            return list(page, asked, 422, page.t("keys.bad-name"));
        }
        List<Cap> caps;
        try {
            caps = caps(asked);
        } catch (IllegalArgumentException | ChangeRefused _) {
            return list(page, asked, 422, page.t("keys.bad-cap"));
        }
        var life = asked.field("expires");
        if (!life.equals("never") && !LIVES.containsKey(life)) {
            return list(page, asked, 422, page.t("keys.bad-expiry"));
        }
        Optional<Instant> end = Optional.ofNullable(LIVES.get(life)).map(clock.instant()::plus);
        try {
            var made = keys.create(asked.person().account(), name, caps, end);
            return page.titled(page.t("keys.made.title"))
                    .draw(
                            "dashboard/key-made.jte",
                            Map.of("key", made.key(), "secret", made.secret().reveal()))
                    // Compressed, the length of what holds a secret could tell of it.
                    .withHeader("cache-control", "no-store, no-transform");
        } catch (ChangeRefused refused) {
            return list(page, asked, 422, page.t("keys.refused", String.valueOf(refused.getMessage())));
        }
    }

    private static List<Cap> caps(Asked asked) {
        var amount = asked.field("cap").strip();
        return amount.isEmpty() ? List.of() : List.of(new Cap(Nanos.parse(amount), Cap.Period.of(asked.field("per"))));
    }

    private Answer askToRevoke(Page page, Asked asked) {
        return page.titled(page.t("keys.revoke.title")).draw("dashboard/key-revoke.jte", Map.of("key", own(asked)));
    }

    private Answer revoke(Page page, Asked asked) {
        keys.revoke(own(asked).id());
        return Answer.seeOther(page.link(PATH));
    }

    /** Another account's key is answered as one that does not exist. */
    private ApiKey own(Asked asked) {
        return keys.find(new KeyId(asked.segment("id")))
                .filter(key -> key.account().equals(asked.person().account()))
                .orElseThrow(() -> new CallRefused(Refusal.NOT_FOUND, "This account has no such key."));
    }
}
