package io.mixgateway.web.dashboard;

import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.signin.Sessions;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.port.Catalogs;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import io.mixgateway.web.site.SandboxFaults;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code /dashboard/playground}: calls models from the browser, one or two beside each other. The calls are ordinary ones
 * to {@code /v1}, with a key that is made for the session, lasts an hour and ends with it; the page keeps its secret in
 * memory only.
 */
final class PlaygroundPage {
    private static final String PATH = "/dashboard/playground";
    private static final String ECHO = "sandbox:echo";
    private static final String KEY_NAME = "Playground";
    private static final Duration KEY_LIFE = Duration.ofHours(1);

    private final Site site;
    private final Ledger ledger;
    private final ApiKeys keys;
    private final Sessions sessions;
    private final Catalogs catalogs;
    private final InstantSource clock;

    PlaygroundPage(Site site, Ledger ledger, ApiKeys keys, Sessions sessions, Catalogs catalogs, InstantSource clock) {
        this.site = site;
        this.ledger = ledger;
        this.keys = keys;
        this.sessions = sessions;
        this.catalogs = catalogs;
        this.clock = clock;
    }

    List<Route> routes() {
        return Stream.of(
                        site.page(PATH, Permission.MAKE_CALLS, this::show),
                        site.form(PATH + "/key", Permission.MAKE_CALLS, this::key))
                .flatMap(List::stream)
                .toList();
    }

    private Answer show(Page page, Asked asked) {
        var catalog = catalogs.current();
        var models = Stream.concat(
                        catalog.routes().keySet().stream(),
                        catalog.endpoints().stream()
                                .filter(endpoint -> endpoint.price().isPresent() && !isEmbedding(endpoint))
                                .sorted(Comparator.comparing(SandboxFaults::isFault))
                                .map(Endpoint::name))
                .distinct()
                .toList();
        return page.titled(page.t("playground.title"))
                .draw(
                        "dashboard/playground.jte",
                        Map.of(
                                "models",
                                models,
                                "chosen",
                                asked.query().getOrDefault("model", first(models)),
                                "currency",
                                ledger.balances(asked.person().account()).currency()));
    }

    /** What costs next to nothing and answers without a provider; else whatever comes first. */
    private static String first(List<String> models) {
        return models.contains(ECHO) || models.isEmpty() ? ECHO : models.getFirst();
    }

    private static boolean isEmbedding(Endpoint endpoint) {
        return endpoint.model().contains("embed");
    }

    private Answer key(Page page, Asked asked) {
        var who = asked.person();
        var end = clock.instant().plus(KEY_LIFE);
        var made = keys.create(who.account(), KEY_NAME, List.of(), Optional.of(end));
        sessions.playWith(who.session(), made.key().id()).ifPresent(keys::revoke);
        return Answer.json(Map.of("secret", made.secret().reveal(), "expires_at", end.toString()));
    }
}
