package io.mixgateway.platform.privacy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Every field of personal data that the program holds, shows or sends, and every place that was looked at and is none.
 * A column, log field, cookie or way out that is in neither list fails the build; {@link #advice} says what to write.
 *
 * <p>The declarations stand by subject: {@link PeopleData}, {@link MoneyData}, {@link UsageData}, {@link SystemData}.
 */
public final class DataMap {
    private static final Map<Place, Field> FIELDS = new LinkedHashMap<>();
    private static final Map<Place, NotPersonal> NOT_PERSONAL = new LinkedHashMap<>();

    static {
        for (var part : List.of(PeopleData.FIELDS, MoneyData.FIELDS, UsageData.FIELDS, SystemData.FIELDS)) {
            part.forEach(field -> once(FIELDS.put(field.place(), field), field.place()));
        }
        for (var part : List.of(
                PeopleData.NOT_PERSONAL, MoneyData.NOT_PERSONAL, UsageData.NOT_PERSONAL, SystemData.NOT_PERSONAL)) {
            part.forEach(one -> once(NOT_PERSONAL.put(one.place(), one), one.place()));
        }
        FIELDS.keySet().forEach(place -> once(NOT_PERSONAL.get(place), place));
    }

    private DataMap() {}

    private static void once(@org.jspecify.annotations.Nullable Object before, Place place) {
        if (before != null) {
            throw new IllegalStateException(place.shown() + " is declared twice in DataMap");
        }
    }

    /** Every field of personal data, in the order of the declarations. */
    public static List<Field> fields() {
        return List.copyOf(FIELDS.values());
    }

    /** Every place that is none. */
    public static List<NotPersonal> notPersonal() {
        return List.copyOf(NOT_PERSONAL.values());
    }

    /** What is declared of a place. */
    public static Optional<Field> field(Place place) {
        return Optional.ofNullable(FIELDS.get(place));
    }

    public static boolean knows(Place place) {
        return FIELDS.containsKey(place) || NOT_PERSONAL.containsKey(place);
    }

    /** The members that a log line may have; the encoder writes no others. */
    public static Set<String> logFields() {
        return places(Place.LogField.class).stream().map(Place.LogField::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The names of the cookies that may be set. */
    public static Set<String> cookies() {
        return places(Place.Cookie.class).stream().map(Place.Cookie::name).collect(Collectors.toUnmodifiableSet());
    }

    /** All that is declared, of one kind of place. */
    public static <P extends Place> List<P> places(Class<P> kind) {
        var all = new ArrayList<P>();
        for (var part : List.of(FIELDS.keySet(), NOT_PERSONAL.keySet())) {
            part.stream().filter(kind::isInstance).map(kind::cast).forEach(all::add);
        }
        return Collections.unmodifiableList(all);
    }

    /** What has to be written for each of these that is not declared; empty when all are. */
    public static List<String> undeclared(Iterable<? extends Place> live) {
        var missing = new ArrayList<String>();
        live.forEach(place -> {
            if (!knows(place)) {
                missing.add(advice(place));
            }
        });
        return missing;
    }

    /** What is declared of a kind and is not there any more: a declaration that promises something about nothing. */
    public static <P extends Place> List<P> gone(Class<P> kind, Predicate<P> live) {
        return places(kind).stream().filter(place -> !live.test(place)).toList();
    }

    /** What to write, and where, for a place that nobody has declared. */
    public static String advice(Place place) {
        var how = switch (place) {
            case Place.Column(var table, var column) -> """
                The column %1$s.%2$s is not declared. Add to platform/privacy, in the class of its subject (PeopleData, MoneyData, UsageData, SystemData):
                  if it tells something of a person or account:  TERMS.field(column("%1$s", "%2$s"), Category.…, "where.in.the.export")
                  if it does not:                                notPersonal("%1$s", "why it tells nothing of anybody", "%2$s")""".formatted(table, column);
            case Place.LogField(var name) -> """
                The log field "%1$s" is not declared, and so it is left out of log lines. Add to platform/privacy SystemData:
                  if its value tells something of a person or account:  LOG.hidden(logField("%1$s"), Category.…)
                  if it does not:                                       new NotPersonal(logField("%1$s"), "why it tells nothing of anybody")
                Request content is never logged, whatever is declared.""".formatted(name);
            case Place.Cookie(var name) -> """
                The cookie "%1$s" is not declared. Add a constant to platform/privacy SetCookie (what it is for, how long it lives) and to SystemData:
                  COOKIE.hidden(cookie("%1$s"), Category.…)
                Only cookies that are essential may be set without consent.""".formatted(name);
            case Place.Outbound(var outlet, var what) -> """
                The way out "%1$s" has no declared data. Add to platform/privacy SystemData:
                  if something of a person goes out:  PASSED_ON.hidden(outbound(Outlet.%2$s, "what goes out"), Category.…)
                  if nothing does:                    new NotPersonal(outbound(Outlet.%2$s, "%3$s"), "why it tells nothing of anybody")""".formatted(outlet.id(), outlet.name(), what);
        };
        return how.stripTrailing();
    }
}
