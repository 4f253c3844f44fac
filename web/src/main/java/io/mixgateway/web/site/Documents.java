package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.Refusal;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Language;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The documentation below {@code /docs}. Texts are Markdown, {@code docs/<language>/<name>.md} in the resources; the
 * repository's own {@code docs/} are taken in at build, so that there is one of each. The table of errors comes from
 * {@link Refusal}, the settings from the code that reads them, by way of {@code docs/configuration.md}.
 */
public final class Documents {
    /** In the order of the menu. The words for each are {@code docs.<name>} and {@code docs.<name>.lead}. */
    static final List<String> NAMES = List.of(
            "quick-start",
            "models",
            "streaming",
            "errors",
            "idempotency",
            "billing",
            "configuration",
            "self-hosting",
            "privacy",
            "sandbox",
            "adding-a-provider");

    private final Site site;
    /** Each is read when it is first asked for: all of them together take a tenth of a second of the start. */
    private final Map<Text, Document> documents = new ConcurrentHashMap<>();

    private record Text(Language language, String name) {}

    public Documents(Site site) {
        this.site = requireNonNull(site, "site");
    }

    public List<Route> routes() {
        var routes = new ArrayList<>(site.page(
                "/docs",
                Permission.ANYONE,
                (page, _) -> page.titled(page.t("docs.title"))
                        .described(page.t("docs.lead"))
                        .draw("site/docs.jte", Map.of("names", NAMES))));
        for (String name : NAMES) {
            routes.addAll(site.page("/docs/" + name, Permission.ANYONE, (page, _) -> show(page, name)));
        }
        return routes;
    }

    private Answer show(Page page, String name) {
        var titled = page.titled(page.t("docs." + name)).described(page.t("docs." + name + ".lead"));
        if (name.equals("errors")) {
            return titled.draw("site/errors.jte", Map.of("names", NAMES, "refusals", List.of(Refusal.values())));
        }
        var document = documents.computeIfAbsent(
                new Text(page.language(), name), text -> Document.read(text.language(), text.name()));
        return titled.draw("site/document.jte", Map.of("names", NAMES, "document", document));
    }
}
