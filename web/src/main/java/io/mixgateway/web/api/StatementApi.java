package io.mixgateway.web.api;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.ledger.LedgerRefused;
import io.mixgateway.platform.ledger.Statement;
import io.mixgateway.platform.ledger.StatementCsv;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.vertx.core.buffer.Buffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** {@code GET /api/v1/statement.csv?from=&to=}: what moved the account's credit, for its bookkeeping. */
public final class StatementApi {
    private final Statement statement;
    private final InstantSource clock;

    public StatementApi(Statement statement, InstantSource clock) {
        this.statement = requireNonNull(statement, "statement");
        this.clock = requireNonNull(clock, "clock");
    }

    public List<Route> routes() {
        return List.of(Route.get("/api/v1/statement.csv", Permission.API_KEY, this::csv));
    }

    private Answer csv(Asked asked) {
        var account = asked.signedCaller().account();
        var from = time(asked, "from", Instant.EPOCH);
        var to = time(asked, "to", clock.instant());
        try {
            return new Answer(
                    200,
                    "text/csv; charset=utf-8",
                    Map.of(
                            "cache-control",
                            "no-store",
                            "content-disposition",
                            "attachment; filename=\"statement.csv\""),
                    Buffer.buffer(StatementCsv.of(statement.between(account, from, to))));
        } catch (LedgerRefused refused) {
            throw new CallRefused(Refusal.INVALID_REQUEST, String.valueOf(refused.getMessage()), "from");
        }
    }

    private static Instant time(Asked asked, String name, Instant otherwise) {
        var text = asked.query().get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return text.length() <= 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw new CallRefused(
                    Refusal.INVALID_REQUEST, name + ": not a time such as 2026-11-01 or 2026-11-01T00:00:00Z.", name);
        }
    }
}
