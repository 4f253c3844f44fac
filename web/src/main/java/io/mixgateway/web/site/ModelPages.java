package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.port.Catalogs;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be called, with prices: the catalogue, which can be searched, and a page for each model. */
public final class ModelPages {
    private static final int LONGEST_SEARCH = 200;

    private final Site site;
    private final Catalogs catalogs;

    public ModelPages(Site site, Catalogs catalogs) {
        this.site = requireNonNull(site, "site");
        this.catalogs = requireNonNull(catalogs, "catalogs");
    }

    public List<Route> routes() {
        return Stream.of(
                        site.page("/models", Permission.ANYONE, this::list),
                        site.page("/models/:name", Permission.ANYONE, this::one))
                .flatMap(List::stream)
                .toList();
    }

    /** Where a model's page is, below its language. */
    public static String path(Endpoint endpoint) {
        return "/models/"
                + URLEncoder.encode(endpoint.name(), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%3A", ":");
    }

    private Answer list(Page page, Asked asked) {
        var search = asked.query().getOrDefault("q", "").strip();
        var words = search.toLowerCase(Locale.ROOT).split("\\s+");
        var catalog = catalogs.current();
        var found = search.length() > LONGEST_SEARCH
                ? List.<Endpoint>of()
                : catalog.endpoints().stream()
                        .filter(endpoint -> matches(endpoint, words))
                        .toList();
        var apart = found.stream().collect(Collectors.partitioningBy(SandboxFaults::isFault));
        return page.titled(page.t("models.title"))
                .described(page.t("models.lead"))
                .draw(
                        "site/models.jte",
                        Map.of(
                                "endpoints",
                                apart.get(false),
                                "faults",
                                apart.get(true),
                                "routes",
                                catalog.routes(),
                                "search",
                                search));
    }

    private static boolean matches(Endpoint endpoint, String[] words) {
        var name = endpoint.name().toLowerCase(Locale.ROOT);
        return Stream.of(words).allMatch(name::contains);
    }

    private Answer one(Page page, Asked asked) {
        var name = asked.segment("name");
        var catalog = catalogs.current();
        var endpoint = catalog.endpoints().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CallRefused(Refusal.NOT_FOUND, "There is no such model."));
        var elsewhere = catalog.endpoints().stream()
                .filter(other -> other.model().equals(endpoint.model()) && !other.equals(endpoint))
                .toList();
        return page.titled(endpoint.name())
                .described(page.t("model.description", endpoint.name()))
                .draw("site/model.jte", Map.of("endpoint", endpoint, "elsewhere", elsewhere));
    }
}
