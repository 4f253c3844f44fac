package io.mixgateway.web.legal;

import io.mixgateway.platform.privacy.DataMap;
import io.mixgateway.platform.privacy.Field;
import io.mixgateway.platform.privacy.Promise;
import io.mixgateway.platform.privacy.Recipient;
import io.mixgateway.platform.privacy.Retention;
import io.mixgateway.platform.privacy.RetentionTimes;
import io.mixgateway.platform.privacy.SetCookie;
import io.mixgateway.relay.outlet.Outlet;
import io.mixgateway.web.page.Page;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A table of a document, made from what the program declares of itself. Cells are plain text.
 *
 * @param head as wide as each of the rows
 */
public record Table(List<String> head, List<List<String>> rows) {
    private static final int SHORT = 8;

    public Table {
        head = List.copyOf(head);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** Whether it is folded on a phone, where each row is a block of its own. */
    public boolean isLong() {
        return rows.size() > SHORT;
    }

    /**
     * The table that a text calls {@code name}.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    static Table named(String name, Page page, RetentionTimes times) {
        return switch (name) {
            case "fields" -> fields(page, times);
            case "retention" -> retention(page, times);
            case "recipients" -> recipients(page);
            case "cookies" -> cookies(page);
            case "outlets" -> outlets(page);
            case "promises" -> promises(page);
            default -> throw new IllegalArgumentException("no table is called " + name);
        };
    }

    /** Fields with all the same promises make one row. */
    private static Table fields(Page page, RetentionTimes times) {
        var groups = new LinkedHashMap<List<String>, LinkedHashSet<String>>();
        for (Field field : DataMap.fields()) {
            var same = List.of(
                    page.t("legal.category." + field.category().id()),
                    page.t("legal.subject." + field.subject().id()),
                    page.t("legal.source." + field.source().id()),
                    field.uses().stream()
                            .map(use -> page.t("legal.purpose." + use.purpose().id()) + " ("
                                    + page.t("legal.basis." + use.basis().id()) + ")")
                            .collect(Collectors.joining("; ")),
                    until(page, times, field.retention()),
                    page.t("legal.erasure." + field.erasure().id()));
            groups.computeIfAbsent(same, _ -> new LinkedHashSet<>())
                    .add(field.place().shown());
        }
        var rows = new ArrayList<List<String>>();
        groups.forEach((same, places) -> {
            var row = new ArrayList<>(same);
            row.add(1, String.join(", ", places));
            rows.add(row);
        });
        return new Table(
                heads(page, "category", "fields", "subject", "source", "purpose", "retention", "erasure"), rows);
    }

    private static Table retention(Page page, RetentionTimes times) {
        return new Table(
                heads(page, "rule", "retention"),
                Arrays.stream(Retention.values())
                        .map(rule -> List.of(page.t("legal.retention." + rule.id()), until(page, times, rule)))
                        .toList());
    }

    private static String until(Page page, RetentionTimes times, Retention rule) {
        return rule.byDefault().isPresent()
                ? page.t("legal.until." + rule.id(), times.of(rule).toDays())
                : page.t("legal.until." + rule.id());
    }

    private static Table recipients(Page page) {
        return new Table(
                heads(page, "recipient", "category"),
                Arrays.stream(Recipient.values())
                        .map(recipient -> List.of(
                                page.t("legal.recipient." + recipient.id()),
                                DataMap.fields().stream()
                                        .filter(field -> field.recipients().contains(recipient))
                                        .map(field -> page.t("legal.category."
                                                + field.category().id()))
                                        .distinct()
                                        .collect(Collectors.joining(", "))))
                        .toList());
    }

    private static Table cookies(Page page) {
        return new Table(
                heads(page, "cookie", "purpose", "lifetime"),
                Arrays.stream(SetCookie.values())
                        .map(cookie -> List.of(
                                cookie.cookieName(),
                                page.t("legal.cookie." + cookie.name().toLowerCase(Locale.ROOT)),
                                cookie.lifetime()
                                        .map(time -> page.t("legal.days", time.toDays()))
                                        .orElse(page.t("legal.session"))))
                        .toList());
    }

    private static Table outlets(Page page) {
        return new Table(
                heads(page, "outlet", "what"),
                Arrays.stream(Outlet.values())
                        .map(outlet -> List.of(outlet.id(), page.t("legal.outlet." + outlet.id())))
                        .toList());
    }

    private static Table promises(Page page) {
        return new Table(
                heads(page, "number", "promise", "state"),
                Arrays.stream(Promise.values())
                        .map(promise -> List.of(
                                promise.name(),
                                page.t("legal.promise." + promise.name().toLowerCase(Locale.ROOT)),
                                page.t("legal.state."
                                        + promise.standing().name().toLowerCase(Locale.ROOT))))
                        .toList());
    }

    private static List<String> heads(Page page, String... keys) {
        return Arrays.stream(keys).map(key -> page.t("legal.head." + key)).toList();
    }
}
