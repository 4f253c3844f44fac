package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One request as a {@link FakeUpstream} read it, and how its answer is getting on. Times are of {@link System#nanoTime()}. */
public final class Received {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** One header line, name as written. */
    public record HeaderLine(String name, String value) {}

    private final String head;
    private final List<HeaderLine> headers;
    private final int connection;
    private final long headAtNanos = System.nanoTime();
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch peerLeft = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile byte[] body = {};
    private volatile boolean wholly;
    private volatile long bodyAtNanos;
    private volatile long peerLeftAtNanos;
    private volatile Tokens trueUsage = Tokens.NONE;

    Received(byte[] head, int connection) {
        this.head = new String(head, ISO_8859_1);
        this.connection = connection;
        var lines = new ArrayList<HeaderLine>();
        for (String line : this.head.substring(this.head.indexOf('\n') + 1).split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.add(new HeaderLine(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
        }
        this.headers = List.copyOf(lines);
    }

    /** The request line and the header lines, to the byte (as ISO 8859-1). */
    public String head() {
        return head;
    }

    public String requestLine() {
        return head.substring(0, head.indexOf('\r'));
    }

    public String method() {
        return requestLine().substring(0, requestLine().indexOf(' '));
    }

    /** The request target up to its query. */
    public String path() {
        var target = requestLine().split(" ", 3)[1];
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    public List<HeaderLine> headers() {
        return headers;
    }

    /** The first header of this name, in any case. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(HeaderLine::value)
                .findFirst();
    }

    /** The body's bytes, without chunk framing: all of them once {@link #wholly()}. */
    public byte[] body() {
        return body.clone();
    }

    public String bodyText() {
        return new String(body, UTF_8);
    }

    /** The body as JSON, numbers exact. */
    public JsonNode json() {
        return requireNonNull(JSON.readTree(body));
    }

    /** Whether the body was read to its end. */
    public boolean wholly() {
        return wholly;
    }

    /** Which connection it came on, counted from 1. */
    public int connection() {
        return connection;
    }

    public long headAtNanos() {
        return headAtNanos;
    }

    /** When the body's last byte was read, or 0 before. */
    public long bodyAtNanos() {
        return bodyAtNanos;
    }

    /** How many bytes of the answer's body were handed to the socket so far. */
    public long sent() {
        return sent.get();
    }

    /** Waits up to {@code time} for the peer to close the connection; whether it did. */
    public boolean closedByPeer(Duration time) {
        try {
            return peerLeft.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** When the peer closed the connection, or 0 when it has not. */
    public long peerLeftAtNanos() {
        return peerLeftAtNanos;
    }

    /** Waits up to {@code time} for the whole answer to have been sent; whether it was. */
    public boolean answered(Duration time) {
        try {
            return answered.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the answer truly costs the provider; nothing before it is begun. */
    public Tokens trueUsage() {
        return trueUsage;
    }

    void bodyRead(byte[] bytes, boolean toItsEnd) {
        body = bytes;
        bodyAtNanos = System.nanoTime();
        wholly = toItsEnd;
    }

    void addSent(long bytes) {
        sent.addAndGet(bytes);
    }

    void begun(Tokens tokens) {
        trueUsage = tokens;
    }

    void answeredWhole() {
        answered.countDown();
    }

    void peerLeft() {
        if (peerLeft.getCount() > 0) {
            peerLeftAtNanos = System.nanoTime();
            peerLeft.countDown();
        }
    }

    @Override
    public String toString() {
        return requestLine() + " on connection " + connection + " with " + body.length + " bytes";
    }
}
