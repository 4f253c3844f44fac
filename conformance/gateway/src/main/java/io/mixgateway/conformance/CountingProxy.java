package io.mixgateway.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between an SDK and the gateway and counts the requests that pass, byte by byte and changing none: how often
 * an SDK tried cannot be asked of the SDK. HTTP/1.1 in clear text; the request line must come in one read, as it does
 * from every client here.
 */
public final class CountingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final URI target;
    private final AtomicInteger requests = new AtomicInteger();

    private CountingProxy(URI target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** One before the server of {@code baseUrl}. */
    public static CountingProxy before(String baseUrl) {
        try {
            var proxy = new CountingProxy(URI.create(baseUrl));
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + listening.getLocalPort() + target.getPath();
    }

    /** How many requests have passed. */
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException _) {
            // closed is what was asked for
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var client = listening.accept();
                var server = new Socket(target.getHost(), target.getPort());
                Thread.ofVirtual().start(() -> pump(client, server, true));
                Thread.ofVirtual().start(() -> pump(server, client, false));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to, boolean counts) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var buffer = new byte[16 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (counts && new String(buffer, 0, read, ISO_8859_1).contains("POST " + target.getPath())) {
                    requests.incrementAndGet();
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException _) {
            // One side went away; the other is closed with it.
        }
    }
}
