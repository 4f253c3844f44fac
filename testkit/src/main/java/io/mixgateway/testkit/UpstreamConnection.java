package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection. One thread reads all the time, so that it notices a peer that leaves while another
 * writes the answer; requests are answered one after the other.
 */
final class UpstreamConnection {
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LONGEST_BODY = 256 * 1024 * 1024;

    private final FakeUpstream upstream;
    private final Socket socket;
    private final int number;
    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile boolean closedByUs;
    private final AtomicInteger begun = new AtomicInteger();
    private @Nullable Received current;

    UpstreamConnection(FakeUpstream upstream, Socket socket, int number) {
        this.upstream = upstream;
        this.socket = socket;
        this.number = number;
    }

    void serve() {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            @Nullable Thread writer = null;
            while (true) {
                in.mark(1);
                if (in.read() < 0) {
                    break;
                }
                in.reset();
                begun.incrementAndGet();
                if (writer != null) {
                    writer.join();
                }
                var request = new Received(readHead(in), number);
                current = request;
                upstream.arrived(request);
                if (!readBody(in, request)) {
                    gone.await();
                    return;
                }
                writer = Thread.ofVirtual()
                        .name("fake-upstream-" + number + "-answer")
                        .start(() -> answer(request));
            }
        } catch (IOException _) {
            // a reset, or we closed it ourselves: told apart below
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (current != null && !closedByUs) {
                current.peerLeft();
            }
            gone.countDown();
            upstream.closed(this);
        }
    }

    private void answer(Received request) {
        try {
            new AnswerWriter(this, socket.getOutputStream(), request).write(upstream.answerTo(request));
            upstream.idleLimit().ifPresent(this::closeWhenIdle);
        } catch (IOException _) {
            // The peer is away; when it closed, the reading thread has seen that too, except behind unread bytes.
            if (!closedByUs) {
                request.peerLeft();
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void closeWhenIdle(Duration limit) {
        int last = begun.get();
        Thread.ofVirtual().start(() -> {
            Pauses.sleep(limit);
            if (begun.get() == last) {
                close(upstream.resetsIdle());
            }
        });
    }

    void close() {
        close(false);
    }

    /** Ends the connection from our side, by RST or by FIN. */
    void close(boolean reset) {
        closedByUs = true;
        upstream.closed(this);
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException _) {
            // closed already
        }
        closeQuietly(socket);
        gone.countDown();
    }

    /** Completes when the connection is gone, whoever ended it. */
    CountDownLatch gone() {
        return gone;
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // closed is what was asked for
        }
    }

    private static byte[] readHead(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream(512);
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("in the head");
            }
            if (head.size() == LONGEST_HEAD) {
                throw new IOException("head: over " + LONGEST_HEAD + " bytes");
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toByteArray();
    }

    /** False when we have stopped reading as told. */
    private boolean readBody(InputStream in, Received request) throws IOException {
        long limit = upstream.readsBodyTo();
        var body = new ByteArrayOutputStream();
        boolean chunked = request.header("Transfer-Encoding")
                .map(value -> value.toLowerCase(Locale.ROOT).contains("chunked"))
                .orElse(false);
        boolean whole = chunked
                ? readChunks(in, body, limit)
                : readExactly(
                        in,
                        body,
                        request.header("Content-Length").map(Long::parseLong).orElse(0L),
                        limit);
        request.bodyRead(body.toByteArray(), whole);
        return whole;
    }

    private static boolean readChunks(InputStream in, ByteArrayOutputStream body, long limit) throws IOException {
        while (true) {
            var size = Long.parseLong(readLine(in).split(";")[0].strip(), 16);
            if (!readExactly(in, body, size, limit)) {
                return false;
            }
            if (size == 0) {
                while (!readLine(in).isEmpty()) {
                    // trailers
                }
                return true;
            }
            readLine(in);
        }
    }

    private static boolean readExactly(InputStream in, ByteArrayOutputStream body, long count, long limit)
            throws IOException {
        if (body.size() + count > LONGEST_BODY) {
            throw new IOException("body: over " + LONGEST_BODY + " bytes");
        }
        boolean stops = body.size() + count > limit;
        long left = stops ? limit - body.size() : count;
        var buffer = new byte[8192];
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException("in the body");
            }
            body.write(buffer, 0, read);
            left -= read;
        }
        return !stops;
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int b;
        while ((b = in.read()) != '\n') {
            if (b < 0 || line.size() == LONGEST_HEAD) {
                throw new EOFException("in a line");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
