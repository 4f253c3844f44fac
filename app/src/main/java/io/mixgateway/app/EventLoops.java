package io.mixgateway.app;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The threads that carry calls: one event loop for each processor, and a few for what must block. */
record EventLoops(Vertx vertx, int count) implements AutoCloseable {
    private static final int BLOCKING_THREADS = 4;
    private static final long CLOSE_SECONDS = 10;

    static EventLoops start() {
        int count = Runtime.getRuntime().availableProcessors();
        var vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(count)
                .setWorkerPoolSize(BLOCKING_THREADS)
                .setInternalBlockingPoolSize(BLOCKING_THREADS)
                // We send no files: nothing to be unpacked or kept in a folder of its own.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        return new EventLoops(vertx, count);
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException fault) {
            throw new IllegalStateException("the event loops did not end", fault);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
