package io.mixgateway.app;

import io.mixgateway.platform.store.DataDir;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.DatabaseUrl;
import io.mixgateway.platform.store.EmbeddedPostgres;
import io.mixgateway.platform.store.HeldLock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The data folder and the database in use, and everything to be closed after it. */
public final class OpenStore implements AutoCloseable {
    private final DataDir folder;
    private final @Nullable HeldLock serving;
    private final @Nullable EmbeddedPostgres embedded;
    private final Database database;

    private OpenStore(
            DataDir folder, @Nullable HeldLock serving, @Nullable EmbeddedPostgres embedded, Database database) {
        this.folder = folder;
        this.serving = serving;
        this.embedded = embedded;
        this.database = database;
    }

    /**
     * For the one process that serves from the folder.
     *
     * @throws io.mixgateway.platform.store.StartRefused when another one does, or the database cannot be used
     */
    static OpenStore forServing(GatewayOptions options) {
        var folder = DataDir.open(options.data());
        var lock = folder.lockForServing();
        return open(options, folder, lock);
    }

    /**
     * For one command, beside a server that runs or without one.
     *
     * @throws io.mixgateway.platform.store.StartRefused when the database cannot be used
     */
    public static OpenStore forCommand(GatewayOptions options) {
        return open(options, DataDir.open(options.data()), null);
    }

    private static OpenStore open(GatewayOptions options, DataDir folder, @Nullable HeldLock serving) {
        EmbeddedPostgres embedded = null;
        boolean open = false;
        try {
            if (options.databaseUrl().isEmpty()) {
                embedded = serving == null ? EmbeddedPostgres.attachOrStart(folder) : EmbeddedPostgres.start(folder);
            }
            var url = embedded != null
                    ? embedded.url()
                    : DatabaseUrl.parse(options.databaseUrl().orElseThrow());
            var store = new OpenStore(folder, serving, embedded, Database.connect(url));
            open = true;
            return store;
        } finally {
            if (!open) {
                close(embedded);
                close(serving);
            }
        }
    }

    public DataDir folder() {
        return folder;
    }

    public Database database() {
        return database;
    }

    /** Our own server, unless an external one is used. */
    public Optional<EmbeddedPostgres> embedded() {
        return Optional.ofNullable(embedded);
    }

    /** Closes the connections, then the server if we run it, then gives the folder up. */
    @Override
    public void close() {
        try {
            database.close();
        } finally {
            try {
                close(embedded);
            } finally {
                close(serving);
            }
        }
    }

    private static void close(@Nullable EmbeddedPostgres server) {
        if (server != null) {
            server.close();
        }
    }

    private static void close(@Nullable HeldLock lock) {
        if (lock != null) {
            lock.close();
        }
    }
}
