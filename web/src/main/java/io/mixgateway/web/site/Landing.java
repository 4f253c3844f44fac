package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.port.Catalogs;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The first page: what this is, a call to try, the models with their prices. */
public final class Landing {
    private static final int MODELS_SHOWN = 8;

    private final Site site;
    private final SampleCall sample;
    private final Catalogs catalogs;

    public Landing(Site site, SampleCall sample, Catalogs catalogs) {
        this.site = requireNonNull(site, "site");
        this.sample = requireNonNull(sample, "sample");
        this.catalogs = requireNonNull(catalogs, "catalogs");
    }

    public List<Route> routes() {
        return Stream.of(
                        site.page("/", Permission.ANYONE, (page, _) -> show(page, Optional.empty())),
                        site.form(
                                "/try",
                                Permission.ANYONE,
                                (page, asked) -> show(page, sample.say(asked.field("message")))))
                .flatMap(List::stream)
                .toList();
    }

    private Answer show(Page page, Optional<SampleCall.Sample> made) {
        var endpoints = catalogs.current().endpoints().stream()
                .filter(endpoint -> endpoint.price().isPresent() && !SandboxFaults.isFault(endpoint))
                .limit(MODELS_SHOWN)
                .toList();
        int more = catalogs.current().endpoints().size() - endpoints.size();
        return page.titled(page.t("landing.title"))
                .described(page.t("landing.description"))
                .draw(
                        "site/landing.jte",
                        Map.of("sample", made, "canTry", sample.canBeMade(), "endpoints", endpoints, "more", more));
    }
}
