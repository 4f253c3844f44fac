package io.mixgateway.platform.credit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.meter.Usage;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Generations as rows of {@code usage_event} in the binary form of PostgreSQL's COPY: the way that costs least, there
 * and here. The form is in PostgreSQL's documentation of COPY, "Binary Format".
 */
final class EventRows {
    private static final String COLUMNS = """
            budget_id, created_at, id, input, cache_read, output, reasoning, provider_total, cost, hold, transfer_id, kind_id,
            latency_ms, first_token_ms, more_usage, attempts""";
    private static final short COLUMN_COUNT = 16;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int FIXED_BYTES = 256;
    /** PostgreSQL counts microseconds from 2000-01-01. */
    private static final long EPOCH_MILLIS = 946_684_800_000L;

    private ByteBuffer out;

    EventRows(int rows) {
        out = ByteBuffer.allocate(64 + rows * FIXED_BYTES);
        out.put(SIGNATURE).putInt(0).putInt(0);
    }

    /**
     * Adds a row.
     *
     * @param transfer what charges it, or 0 when it costs nothing
     */
    void add(Generation g, int kind, long budget, long transfer) {
        Usage u = g.usage();
        var more = more(u);
        var attempts = attempts(g);
        reserve(FIXED_BYTES + (more == null ? 0 : more.length) + (attempts == null ? 0 : attempts.length));
        out.putShort(COLUMN_COUNT);
        number(budget);
        number((g.id().createdAt().toEpochMilli() - EPOCH_MILLIS) * 1000);
        var id = g.id().uuid();
        out.putInt(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        number(u.input());
        number(u.cacheRead());
        number(u.output());
        number(u.reasoning());
        number(u.providerTotal());
        number(g.cost().value());
        number(g.hold().value());
        if (transfer == 0) {
            out.putInt(-1);
        } else {
            number(transfer);
        }
        small(kind);
        small(millis(g.latencyMillis()));
        small(millis(g.firstTokenMillis()));
        json(more);
        json(attempts);
    }

    private void number(long value) {
        out.putInt(8).putLong(value);
    }

    private void small(int value) {
        out.putInt(4).putInt(value);
    }

    private void json(byte @Nullable [] text) {
        if (text == null) {
            out.putInt(-1);
        } else {
            out.putInt(1 + text.length).put((byte) 1).put(text);
        }
    }

    private void reserve(int bytes) {
        if (out.remaining() < bytes + Short.BYTES) {
            out = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + bytes + Short.BYTES))
                    .put(out.flip());
        }
    }

    /** Copies what was added into {@code table}, which has the columns of {@code usage_event}. Once only. */
    void copyInto(Connection connection, String table) throws SQLException {
        reserve(Short.BYTES);
        out.putShort((short) -1);
        var copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + table + " (" + COLUMNS + ") from stdin (format binary)");
        try {
            copy.writeToCopy(out.array(), 0, out.position());
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** 24 days and more are 24 days. */
    private static int millis(long value) {
        return Math.clamp(value, -1, Integer.MAX_VALUE);
    }

    /** The classes without a column of their own, {@code {"audio_input":7}}; null when there are none. */
    private static byte @Nullable [] more(Usage u) {
        if ((u.cacheWrite5m() | u.cacheWrite1h() | u.audioInput() | u.audioOutput() | u.imageInput() | u.imageOutput())
                == 0) {
            return null;
        }
        var json = new StringBuilder(64).append('{');
        member(json, "cache_write_5m", u.cacheWrite5m());
        member(json, "cache_write_1h", u.cacheWrite1h());
        member(json, "audio_input", u.audioInput());
        member(json, "audio_output", u.audioOutput());
        member(json, "image_input", u.imageInput());
        member(json, "image_output", u.imageOutput());
        return json.append('}').toString().getBytes(UTF_8);
    }

    private static void member(StringBuilder json, String name, long value) {
        if (value != 0) {
            json.append(json.length() == 1 ? "\"" : ",\"")
                    .append(name)
                    .append("\":")
                    .append(value);
        }
    }

    /**
     * {@code [{"provider":…,"status":…,"outcome":…}]}, by hand: three plain fields do not need a mapper. Null when
     * there was one attempt and the generation's own columns tell it.
     */
    private static byte @Nullable [] attempts(Generation g) {
        if (g.attempts().size() == 1) {
            var only = g.attempts().getFirst();
            if (only.status() == 200
                    && only.provider().equals(g.provider())
                    && only.outcome().equals(g.outcome().code())) {
                return null;
            }
        }
        var json = new StringBuilder(64).append('[');
        for (Attempt attempt : g.attempts()) {
            json.append(json.length() == 1 ? "{\"provider\":" : ",{\"provider\":");
            quote(json, attempt.provider());
            json.append(",\"status\":").append(attempt.status()).append(",\"outcome\":");
            quote(json, attempt.outcome());
            json.append('}');
        }
        return json.append(']').toString().getBytes(UTF_8);
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(' ');
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
