package io.mixgateway.web.legal;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.privacy.RetentionTimes;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.mixgateway.web.page.Page;
import io.mixgateway.web.page.Site;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /legal/…}: each document as it is in force, as it was, and what changed. */
public final class LegalPages {
    private final Site site;
    private final Versions versions;
    private final Operator operator;
    private final RetentionTimes times;

    public LegalPages(Site site, Versions versions, Operator operator, RetentionTimes times) {
        this.site = requireNonNull(site, "site");
        this.versions = requireNonNull(versions, "versions");
        this.operator = requireNonNull(operator, "operator");
        this.times = requireNonNull(times, "times");
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (LegalDocument document : LegalDocument.values()) {
            var path = "/legal/" + document.code();
            routes.addAll(
                    site.page(path, Permission.ANYONE, (page, _) -> show(page, document, versions.newest(document))));
            routes.addAll(
                    site.page(path + "/history", Permission.ANYONE, (page, asked) -> history(page, document, asked)));
            for (LocalDate date : versions.of(document)) {
                routes.addAll(site.page(path + "/" + date, Permission.ANYONE, (page, _) -> show(page, document, date)));
            }
        }
        return routes;
    }

    private Answer show(Page page, LegalDocument document, LocalDate date) {
        var blocks = text(page, document, date);
        var tables = new HashMap<String, Table>();
        blocks.stream()
                .filter(block -> block.kind() == Block.Kind.TABLE)
                .forEach(block -> tables.put(block.text(), Table.named(block.text(), page, times)));
        var parameters = new HashMap<String, Object>();
        parameters.put("document", document);
        parameters.put("date", date);
        parameters.put("inForce", date.equals(versions.newest(document)));
        parameters.put("draft", !operator.isKnown());
        parameters.put("blocks", blocks);
        parameters.put("tables", tables);
        return page.titled(page.t("legal." + document.code() + ".title"))
                .described(page.t("legal." + document.code() + ".description"))
                .draw("legal/document.jte", parameters);
    }

    private Answer history(Page page, LegalDocument document, Asked asked) {
        var all = versions.of(document);
        var to = date(asked, "to").orElse(all.getFirst());
        var from = date(asked, "from").orElse(all.size() > 1 ? all.get(1) : all.getFirst());
        var parameters = new HashMap<String, Object>();
        parameters.put("document", document);
        parameters.put("versions", all);
        parameters.put("from", from);
        parameters.put("to", to);
        parameters.put("changes", Change.between(text(page, document, from), text(page, document, to)));
        return page.titled(page.t("legal.history.title", page.t("legal." + document.code() + ".title")))
                .draw("legal/history.jte", parameters);
    }

    private static Optional<LocalDate> date(Asked asked, String name) {
        try {
            return Optional.ofNullable(asked.query().get(name)).map(LocalDate::parse);
        } catch (DateTimeException _) {
            throw new CallRefused(Refusal.INVALID_REQUEST, name + ": not a date such as 2026-11-23.");
        }
    }

    private List<Block> text(Page page, LegalDocument document, LocalDate date) {
        var values = Map.of(
                "operator", operator.name().orElse(page.t("legal.unknown.name")),
                "address", operator.address().orElse(page.t("legal.unknown.address")),
                "email", operator.email().orElse(page.t("legal.unknown.email")),
                "country", operator.country().orElse(page.t("legal.unknown.country")),
                "officer", operator.dataProtectionOfficer().orElse(page.t("legal.none")),
                "representative", operator.representative().orElse(page.t("legal.none")));
        return versions
                .text(document, date, page.language())
                .orElseThrow(() -> new CallRefused(Refusal.NOT_FOUND, "No version has that date."))
                .stream()
                .map(block -> block.with(values))
                .toList();
    }
}
