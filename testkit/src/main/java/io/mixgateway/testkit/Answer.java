package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FakeUpstream} does with one request: the bytes, how they are cut into writes, when they are sent, and
 * what goes wrong at which byte. Immutable; every method answers a changed copy.
 *
 * <p>Byte positions count the body as its reader sees it, without chunk framing: {@link #BEFORE_HEAD}, 0 for after the
 * head, and so on. Several things may happen at different positions.
 */
public final class Answer {
    /** The position before the status line. */
    public static final long BEFORE_HEAD = -1;

    /** How the end of the body is told. */
    enum Framing {
        CONTENT_LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    /** What happens at a byte. */
    sealed interface Act {
        /** Sends nothing more and keeps the connection. */
        record Stall() implements Act {}

        /** Ends the connection, by RST or by FIN. */
        record Cut(boolean reset) implements Act {}

        /** Waits for the test. */
        record Hold(CountDownLatch gate) implements Act {}

        /** Waits for a time. */
        record Pause(Duration time) implements Act {}
    }

    record ActAt(long bodyByte, Act act) {}

    record Header(String name, String value) {}

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    final int status;
    final List<Header> headers;
    final Framing framing;
    final Iterable<byte[]> pieces;
    final long length;
    final Duration between;
    final List<ActAt> acts;
    final byte @Nullable [] garbage;
    final boolean closesAfter;
    final int longestWrite;
    final Tokens tokens;

    private Answer(Draft draft) {
        this.status = draft.status;
        this.headers = List.copyOf(draft.headers);
        this.framing = draft.framing;
        this.pieces = draft.pieces;
        this.length = draft.length;
        this.between = draft.between;
        this.acts = draft.acts.stream()
                .sorted(Comparator.comparingLong(ActAt::bodyByte))
                .toList();
        this.garbage = draft.garbage;
        this.closesAfter = draft.closesAfter;
        this.longestWrite = draft.longestWrite;
        this.tokens = draft.tokens;
    }

    /** An answer without headers or body. */
    public static Answer of(int status) {
        return new Draft(status).done();
    }

    /** A JSON answer with a content length, in one write. */
    public static Answer json(int status, String body) {
        return of(status).header("Content-Type", "application/json").body(body);
    }

    /** A 200 event stream in chunked coding, the whole body as one chunk unless cut further. */
    public static Answer sse(byte[] body) {
        return of(200).header("Content-Type", "text/event-stream; charset=utf-8")
                .body(body)
                .chunked();
    }

    /** Bytes that are not HTTP, or HTTP written by the test itself; then the connection is closed. */
    public static Answer garbage(byte[] bytes) {
        var draft = new Draft(0);
        draft.garbage = bytes.clone();
        return draft.done();
    }

    /** Reads the request and never says anything. */
    public static Answer silence() {
        return of(200).stallsAt(BEFORE_HEAD);
    }

    /** Closes the connection without a word, by RST or by FIN, once the request was read. */
    public static Answer hangUp(boolean reset) {
        return of(200).cutAt(BEFORE_HEAD, reset);
    }

    /** 429 with {@code Retry-After} in whole seconds and an error body in OpenAI's shape. */
    public static Answer tooManyRequests(int retryAfterSeconds) {
        return error(429, "rate_limit_exceeded", "Rate limit reached.")
                .header("Retry-After", Integer.toString(retryAfterSeconds));
    }

    /** An error in OpenAI's shape. */
    public static Answer error(int status, String code, String message) {
        return json(
                status,
                "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + code + "\",\"param\":null,\"code\":\""
                        + code + "\"}}");
    }

    public Answer header(String name, String value) {
        return change(draft -> draft.headers.add(new Header(name, value)));
    }

    public Answer body(String body) {
        return body(body.getBytes(UTF_8));
    }

    public Answer body(byte[] body) {
        return pieces(List.of(body.clone()));
    }

    /** The body, each piece in a write of its own (and a chunk of its own in chunked coding). */
    public Answer pieces(List<byte[]> pieces) {
        return change(draft -> {
            draft.pieces = List.copyOf(pieces);
            draft.length = pieces.stream().mapToLong(piece -> piece.length).sum();
        });
    }

    /** A body made while it is sent, for long streams, in chunked coding. */
    public Answer pieces(Iterable<byte[]> pieces) {
        return change(draft -> {
            draft.pieces = requireNonNull(pieces);
            draft.length = -1;
            draft.framing = Framing.CHUNKED;
        });
    }

    /** The same body in pieces of {@code size} bytes. */
    public Answer cutEvery(int size) {
        return pieces(Cuts.every(wholeBody(), size));
    }

    /** The same body cut at positions drawn from {@code seed}. */
    public Answer cutRandomly(long seed) {
        return pieces(Cuts.random(wholeBody(), seed));
    }

    /** No write is longer than this, head and chunk framing included. */
    public Answer writesOf(int bytes) {
        return change(draft -> draft.longestWrite = bytes);
    }

    public Answer chunked() {
        return change(draft -> draft.framing = Framing.CHUNKED);
    }

    /** Neither a length nor chunks: the body ends where the connection does. */
    public Answer untilClose() {
        return change(draft -> draft.framing = Framing.UNTIL_CLOSE);
    }

    /** Waits before every piece but the first. */
    public Answer everyPieceAfter(Duration time) {
        return change(draft -> draft.between = time);
    }

    public Answer headAfter(Duration time) {
        return at(BEFORE_HEAD, new Act.Pause(time));
    }

    public Answer pausesAt(long bodyByte, Duration time) {
        return at(bodyByte, new Act.Pause(time));
    }

    /** Waits at a byte until the test opens the gate (or the connection goes away). */
    public Answer holdsAt(long bodyByte, CountDownLatch gate) {
        return at(bodyByte, new Act.Hold(gate));
    }

    /** Sends nothing from this byte on, without closing. */
    public Answer stallsAt(long bodyByte) {
        return at(bodyByte, new Act.Stall());
    }

    /** Ends the connection at this byte, by RST or by FIN. */
    public Answer cutAt(long bodyByte, boolean reset) {
        return at(bodyByte, new Act.Cut(reset));
    }

    /** Closes the connection after the whole answer, without having announced it. */
    public Answer closesAfter() {
        return change(draft -> draft.closesAfter = true);
    }

    /** What this answer truly costs the provider, for its own books; never sent. */
    public Answer truly(Tokens tokens) {
        return change(draft -> draft.tokens = tokens);
    }

    /** The body's bytes, for bodies that are not made while they are sent. */
    public byte[] wholeBody() {
        if (length < 0) {
            throw new IllegalStateException("body: made while it is sent (expected: known bytes)");
        }
        return Cuts.join(pieces);
    }

    /** {@link #wholeBody()} as text. */
    public String bodyText() {
        return new String(wholeBody(), UTF_8);
    }

    private Answer at(long bodyByte, Act act) {
        return change(draft -> draft.acts.add(new ActAt(bodyByte, act)));
    }

    private Answer change(java.util.function.Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    private static final class Draft {
        private final int status;
        private final List<Header> headers;
        private final List<ActAt> acts;
        private Framing framing = Framing.CONTENT_LENGTH;
        private Iterable<byte[]> pieces = List.of();
        private long length;
        private Duration between = Duration.ZERO;
        private byte @Nullable [] garbage;
        private boolean closesAfter;
        private int longestWrite = NO_LIMIT;
        private Tokens tokens = Tokens.NONE;

        private Draft(int status) {
            this.status = status;
            this.headers = new ArrayList<>();
            this.acts = new ArrayList<>();
        }

        private Draft(Answer answer) {
            this.status = answer.status;
            this.headers = new ArrayList<>(answer.headers);
            this.acts = new ArrayList<>(answer.acts);
            this.framing = answer.framing;
            this.pieces = answer.pieces;
            this.length = answer.length;
            this.between = answer.between;
            this.garbage = answer.garbage;
            this.closesAfter = answer.closesAfter;
            this.longestWrite = answer.longestWrite;
            this.tokens = answer.tokens;
        }

        private Answer done() {
            return new Answer(this);
        }
    }
}
