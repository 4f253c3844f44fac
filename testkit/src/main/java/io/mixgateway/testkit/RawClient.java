package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP/1.1 client on one plain socket: sends what it is told, to the byte, reads the answer piece by piece, and
 * leaves when it is told, politely or not. For one thread.
 */
public final class RawClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int SMALL_WINDOW_BYTES = 32 * 1024;

    private final Socket socket;
    private final InputStream in;
    private boolean chunked;
    private long left;
    private boolean ended;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to a loopback port. */
    public static RawClient to(int port) throws IOException {
        return connect(new Socket(), port);
    }

    /** Connects with a small receive window, to be a slow reader. */
    public static RawClient withSmallWindowTo(int port) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(SMALL_WINDOW_BYTES);
        return connect(socket, port);
    }

    private static RawClient connect(Socket socket, int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawClient(socket);
    }

    /** An answer's status line and headers, and the bytes both had on the wire. */
    public record Head(int status, List<Received.HeaderLine> headers, String raw) {
        public Head {
            headers = List.copyOf(headers);
        }

        public Optional<String> header(String name) {
            return headers.stream()
                    .filter(line -> line.name().equalsIgnoreCase(name))
                    .map(Received.HeaderLine::value)
                    .findFirst();
        }
    }

    /** A whole answer. */
    public record Whole(Head head, String body) {
        public int status() {
            return head.status;
        }
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends text as ISO 8859-1, so that every char is a byte. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    /** Sends a JSON POST with a content length. {@code headers} are whole lines, each with its CRLF. */
    public RawClient post(String path, String headers, byte[] body) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + body.length + "\r\n\r\n");
        return send(body);
    }

    /** Reads status line and headers. */
    public Head head() throws IOException {
        var raw = new ByteArrayOutputStream();
        while (!raw.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("in the head, after: " + raw.toString(ISO_8859_1));
            }
            raw.write(b);
        }
        var lines = raw.toString(ISO_8859_1).split("\r\n");
        var headers = new ArrayList<Received.HeaderLine>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.add(new Received.HeaderLine(
                    lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
        }
        var head = new Head(Integer.parseInt(lines[0].split(" ")[1]), headers, raw.toString(ISO_8859_1));
        chunked = head.header("Transfer-Encoding").orElse("").equalsIgnoreCase("chunked");
        boolean none = head.status / 100 == 1 || head.status == 204 || head.status == 304;
        left = chunked || none
                ? 0
                : head.header("Content-Length").map(Long::parseLong).orElse(Long.MAX_VALUE);
        ended = !chunked && left == 0;
        return head;
    }

    /** The next bytes of the body, at least one; empty at its end. Waits for them. */
    public byte[] bytes(int most) throws IOException {
        if (ended) {
            return new byte[0];
        }
        if (chunked && left == 0) {
            left = Long.parseLong(line(), 16);
            if (left == 0) {
                line();
                ended = true;
                return new byte[0];
            }
        }
        var buffer = new byte[(int) Math.min(most, left)];
        int read = in.read(buffer);
        if (read < 0) {
            if (left != Long.MAX_VALUE) {
                throw new EOFException("in the body");
            }
            ended = true;
            return new byte[0];
        }
        left -= left == Long.MAX_VALUE ? 0 : read;
        if (left == 0) {
            if (chunked) {
                line();
            } else {
                ended = true;
            }
        }
        return java.util.Arrays.copyOf(buffer, read);
    }

    /** Reads the body until {@code text} has come, and returns all that came. */
    public String until(String text) throws IOException {
        var read = new ByteArrayOutputStream();
        while (!read.toString(UTF_8).contains(text)) {
            var bytes = bytes(1);
            if (bytes.length == 0) {
                throw new EOFException("before '" + text + "', after: " + read.toString(UTF_8));
            }
            read.writeBytes(bytes);
        }
        return read.toString(UTF_8);
    }

    /** The rest of the body. */
    public byte[] rest() throws IOException {
        var read = new ByteArrayOutputStream();
        for (var bytes = bytes(65536); bytes.length > 0; bytes = bytes(65536)) {
            read.writeBytes(bytes);
        }
        return read.toByteArray();
    }

    /** Reads a whole answer. */
    public Whole answer() throws IOException {
        var head = head();
        return new Whole(head, new String(rest(), UTF_8));
    }

    /** Whether the other side closes within {@code time}, whatever it still sends. */
    public boolean isClosedWithin(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            while (in.read() >= 0) {
                // what comes before the end does not matter
            }
            return true;
        } catch (java.net.SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    /** Leaves with an RST: nothing that was sent is waited for. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        int b;
        while ((b = in.read()) != '\n') {
            if (b < 0) {
                throw new EOFException("in the body's framing");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
