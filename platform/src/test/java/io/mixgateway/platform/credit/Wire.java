package io.mixgateway.platform.credit;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The wire between a node and its PostgreSQL, which can be cut, frozen, or cut at the worst moment; for tests. */
final class Wire implements AutoCloseable {
    private final ServerSocket listening;
    private final String host;
    private final int port;
    private final DatabaseUrl url;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lostCommits = new AtomicInteger();
    private volatile boolean cut;
    private volatile boolean frozen;
    private volatile boolean closed;

    Wire(DatabaseUrl to) {
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int colon = to.hosts().lastIndexOf(':');
        host = to.hosts().substring(0, colon);
        port = Integer.parseInt(to.hosts().substring(colon + 1));
        url = new DatabaseUrl(
                "127.0.0.1:" + listening.getLocalPort(), to.database(), to.user(), to.password(), to.parameters());
        Thread.ofVirtual().start(this::accept);
    }

    Database connect() {
        return Database.connect(url);
    }

    /** Ends every connection and takes no new ones. */
    void cut() {
        cut = true;
        endAll();
    }

    /** Takes everything and passes nothing on. */
    void freeze() {
        frozen = true;
    }

    void mend() {
        cut = false;
        frozen = false;
    }

    /** Lets the next commits through to the server and cuts the wire before their answers come back. */
    void loseAnswersToCommits(int count) {
        lostCommits.set(count);
    }

    boolean allLost() {
        return lostCommits.get() <= 0;
    }

    private void endAll() {
        List<Socket> all = new ArrayList<>(sockets);
        all.forEach(Wire::end);
    }

    private void accept() {
        while (!closed) {
            try {
                var client = listening.accept();
                if (cut) {
                    end(client);
                    continue;
                }
                var server = new Socket(host, port);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> pump(client, server, true));
                Thread.ofVirtual().start(() -> pump(server, client, false));
            } catch (IOException _) {
                // The next connection may do better.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
        byte[] bytes = new byte[1 << 16];
        try (from;
                to) {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                while (frozen && !closed) {
                    Thread.sleep(5);
                }
                if (!fromClient && committed(bytes, n) && lostCommits.getAndDecrement() > 0) {
                    return;
                }
                out.write(bytes, 0, n);
            }
        } catch (IOException _) {
            // One side left; the other is closed with it.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** The server's CommandComplete for a commit. */
    private static boolean committed(byte[] bytes, int n) {
        return new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains("COMMIT\0");
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed either way.
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            listening.close();
        } catch (IOException _) {
            // It is closed either way.
        }
        endAll();
    }
}
