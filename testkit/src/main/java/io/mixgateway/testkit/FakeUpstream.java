package io.mixgateway.testkit;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a free loopback port that speaks HTTP/1.1 exactly as told: each request gets the next {@link Answer}
 * queued for its path, else the next queued for any path, else what the standing function says, else 500. It records
 * every request to the byte, counts connections and sees when its peer leaves. Thread-safe; one virtual thread or
 * two per connection.
 */
public final class FakeUpstream implements AutoCloseable {
    private static final String ANY_PATH = "*";
    private static final int BACKLOG = 1024;

    private final ServerSocket listening;
    private final Map<String, Queue<Answer>> queued = new ConcurrentHashMap<>();
    private final AtomicReference<Function<Received, Answer>> standing = new AtomicReference<>(
            _ -> Answer.error(500, "nothing_queued", "The fake upstream has no answer for this."));
    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private final Set<UpstreamConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Socket> plugs = new ArrayList<>();
    private volatile @Nullable Duration closesIdleAfter;
    private volatile boolean resetsIdle;
    private volatile long readsBodyTo = Long.MAX_VALUE;

    private FakeUpstream(int backlog) throws IOException {
        listening = new ServerSocket();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), backlog);
    }

    /** Starts one that has no answers yet. */
    public static FakeUpstream start() {
        try {
            var upstream = new FakeUpstream(BACKLOG);
            Thread.ofVirtual().name("fake-upstream").start(upstream::accept);
            return upstream;
        } catch (IOException e) {
            throw new IllegalStateException("fake upstream: cannot listen", e);
        }
    }

    /** Starts one with an answer for whatever comes. */
    public static FakeUpstream answering(Function<Received, Answer> answers) {
        return start().always(answers);
    }

    /** A port that is listened on and never accepts: connecting to it hangs (Linux drops what the full backlog cannot take). */
    public static FakeUpstream thatNeverAccepts() {
        try {
            var upstream = new FakeUpstream(1);
            for (int i = 0; i < 4; i++) {
                var plug = new Socket();
                upstream.plugs.add(plug);
                try {
                    plug.connect(upstream.listening.getLocalSocketAddress(), 100);
                } catch (IOException _) {
                    break; // the backlog is full: what we are here for
                }
            }
            return upstream;
        } catch (IOException e) {
            throw new IllegalStateException("fake upstream: cannot listen", e);
        }
    }

    /** A loopback port where nobody listens: connections are refused. */
    public static int deadPort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no free port", e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** {@code http://127.0.0.1:PORT/v1}. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port() + "/v1");
    }

    /** Queues answers for requests of any path, each to be used once. */
    public FakeUpstream then(Answer... answers) {
        return on(ANY_PATH, answers);
    }

    /** Queues answers for requests of one path, such as {@code /v1/chat/completions}, each to be used once. */
    public FakeUpstream on(String path, Answer... answers) {
        queued.computeIfAbsent(path, _ -> new ConcurrentLinkedQueue<>()).addAll(List.of(answers));
        return this;
    }

    /** What requests get that have nothing queued. */
    public FakeUpstream always(Function<Received, Answer> answers) {
        standing.set(requireNonNull(answers, "answers"));
        return this;
    }

    public FakeUpstream always(Answer answer) {
        return always(_ -> answer);
    }

    /** Closes a connection without a word once it was idle for so long after an answer, by RST or by FIN. */
    public FakeUpstream closesIdleAfter(Duration time, boolean reset) {
        resetsIdle = reset;
        closesIdleAfter = time;
        return this;
    }

    /** Reads only so many bytes of each request's body, then neither reads nor answers. */
    public FakeUpstream readsBodyOnlyTo(long bytes) {
        readsBodyTo = bytes;
        return this;
    }

    /** Closes the listening port, so that new connections are refused; open ones go on. */
    public void stopAccepting() {
        try {
            listening.close();
        } catch (IOException _) {
            // closed is what was asked for
        }
    }

    /** All requests whose head was read, in order of arrival. */
    public List<Received> requests() {
        return List.copyOf(requests);
    }

    /** The request there should be exactly one of. */
    public Received onlyRequest() {
        var all = requests();
        if (all.size() != 1) {
            throw new AssertionError("requests: " + all.size() + " (expected: 1)");
        }
        return all.getFirst();
    }

    /** Waits until {@code count} requests were read to their end, and answers the last of these. */
    public Received awaitRequest(int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() - deadline < 0) {
            var read = requests.stream().filter(Received::wholly).toList();
            if (read.size() >= count) {
                return read.get(count - 1);
            }
            Pauses.sleep(Duration.ofMillis(2));
        }
        throw new AssertionError("requests: " + requests.size() + " within 10 s (expected: " + count + ")");
    }

    /** How many connections were ever accepted. */
    public int accepted() {
        return accepted.get();
    }

    /** How many connections are open now. */
    public int open() {
        return open.size();
    }

    /** What all requests whose answer was begun truly cost this provider. */
    public Tokens trueUsage() {
        return requests.stream().map(Received::trueUsage).reduce(Tokens.NONE, Tokens::plus);
    }

    @Override
    public void close() {
        stopAccepting();
        plugs.forEach(UpstreamConnection::closeQuietly);
        open.forEach(UpstreamConnection::close);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                var connection = new UpstreamConnection(this, socket, accepted.incrementAndGet());
                open.add(connection);
                Thread.ofVirtual().name("fake-upstream-" + accepted.get()).start(connection::serve);
            } catch (IOException _) {
                return; // the port was closed
            }
        }
    }

    void arrived(Received request) {
        requests.add(request);
    }

    void closed(UpstreamConnection connection) {
        open.remove(connection);
    }

    Answer answerTo(Received request) {
        return next(request.path())
                .or(() -> next(ANY_PATH))
                .orElseGet(() -> requireNonNull(standing.get()).apply(request));
    }

    private Optional<Answer> next(String path) {
        var queue = queued.get(path);
        return queue == null ? Optional.empty() : Optional.ofNullable(queue.poll());
    }

    Optional<Duration> idleLimit() {
        return Optional.ofNullable(closesIdleAfter);
    }

    boolean resetsIdle() {
        return resetsIdle;
    }

    long readsBodyTo() {
        return readsBodyTo;
    }
}
