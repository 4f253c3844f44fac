package io.mixgateway.platform.privacy;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Looks at an installation, without changing it, whether its promises are kept. Blocking; safe beside a gateway that runs. */
public final class PrivacyCheck {
    private static final Duration OVERDUE = Duration.ofDays(2);

    private final Database database;
    private final RetentionJob retention;
    private final InstantSource clock;

    public PrivacyCheck(Database database, RetentionTimes times, InstantSource clock) {
        this.database = database;
        this.retention = new RetentionJob(database, times, clock);
        this.clock = clock;
    }

    /**
     * One promise, as it stands here and now.
     *
     * @param fault what is wrong with it here, if anything; for promises that are checked
     */
    public record Result(Promise promise, Optional<String> fault) {
        public Result {
            requireNonNull(promise, "promise");
            requireNonNull(fault, "fault");
        }

        /** {@code proved}, {@code checked}, {@code broken} or {@code not yet built}. */
        public String state() {
            if (fault.isPresent()) {
                return "broken";
            }
            return switch (promise.standing()) {
                case PROVED -> "proved";
                case CHECKED -> "checked";
                case NOT_YET -> "not yet built";
            };
        }
    }

    /** Every promise, in order. */
    public List<Result> run() {
        var results = new ArrayList<Result>();
        for (Promise promise : Promise.values()) {
            results.add(new Result(
                    promise, promise.standing() == Promise.Standing.CHECKED ? fault(promise) : Optional.empty()));
        }
        return results;
    }

    private Optional<String> fault(Promise promise) {
        return switch (promise) {
            case P3 -> undeclaredColumns();
            case P6 -> contentColumns();
            case P9 -> undeclaredCookies();
            case P12 -> fieldsWithoutPurpose();
            case P18 -> undeclaredOutlets();
            case P27 -> overdue();
            case P31 -> plainSecrets();
            default -> throw new IllegalStateException(promise + ": is said to be checked, and has no check");
        };
    }

    private Optional<String> undeclaredColumns() {
        var live = LiveSchema.columns(database.dsl(Pool.JOBS));
        return some(
                live.stream()
                        .filter(column -> !DataMap.knows(column))
                        .map(Place::shown)
                        .toList(),
                "not declared: ");
    }

    private static Optional<String> contentColumns() {
        return some(
                DataMap.fields().stream()
                        .filter(field -> field.category() == Category.CONTENT)
                        .map(Field::place)
                        .filter(place -> !(place instanceof Place.Outbound))
                        .map(Place::shown)
                        .toList(),
                "content is kept in: ");
    }

    private static Optional<String> undeclaredCookies() {
        return some(
                Arrays.stream(SetCookie.values())
                        .map(SetCookie::cookieName)
                        .filter(name -> !DataMap.cookies().contains(name))
                        .toList(),
                "not declared: ");
    }

    private static Optional<String> fieldsWithoutPurpose() {
        return some(
                DataMap.fields().stream()
                        .filter(field -> field.uses().isEmpty())
                        .map(field -> field.place().shown())
                        .toList(),
                "no purpose: ");
    }

    private static Optional<String> undeclaredOutlets() {
        var declared = DataMap.places(Place.Outbound.class).stream()
                .map(Place.Outbound::outlet)
                .toList();
        return some(
                Arrays.stream(io.mixgateway.relay.outlet.Outlet.values())
                        .filter(outlet -> !declared.contains(outlet))
                        .map(io.mixgateway.relay.outlet.Outlet::id)
                        .toList(),
                "not declared: ");
    }

    /** A gateway that was installed a moment ago, or stood still, has not run it yet and may have nothing to remove. */
    private Optional<String> overdue() {
        boolean recent = retention
                .lastRun()
                .filter(at -> at.isAfter(clock.instant().minus(OVERDUE)))
                .isPresent();
        long backlog = recent ? 0 : retention.backlog();
        return backlog == 0
                ? Optional.empty()
                : Optional.of(backlog + " rows are kept longer than promised: retention has not run for two days");
    }

    private Optional<String> plainSecrets() {
        long wrong = database.dsl(Pool.JOBS).fetchSingle("""
                        select (select count(*) from api_key where octet_length(digest) <> 32)
                          + (select count(*) from person where password_hash is not null
                              and password_hash not like '$argon2id$%')""").get(0, Long.class);
        return wrong == 0 ? Optional.empty() : Optional.of(wrong + " secrets are kept in a form that gives them away");
    }

    private static Optional<String> some(List<String> wrong, String before) {
        return wrong.isEmpty() ? Optional.empty() : Optional.of(before + String.join(", ", wrong));
    }
}
