package io.mixgateway.app;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The threads that carry calls: one event loop for each processor, and a few for what must block. They start beside
 * whatever their maker does next.
 */
final class EventLoops implements AutoCloseable {
    private static final int BLOCKING_THREADS = 4;
    private static final long CLOSE_SECONDS = 10;

    private final CompletableFuture<Vertx> starting = new CompletableFuture<>();

    EventLoops() {
        Thread.ofPlatform().daemon().name("event-loops").start(() -> {
            try {
                starting.complete(start());
            } catch (RuntimeException | Error fault) {
                starting.completeExceptionally(fault);
            }
        });
    }

    private static Vertx start() {
        return Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                .setWorkerPoolSize(BLOCKING_THREADS)
                .setInternalBlockingPoolSize(BLOCKING_THREADS)
                // We send no files: nothing to be unpacked or kept in a folder of its own.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /** As soon as they have started. */
    Vertx vertx() {
        return starting.join();
    }

    @Override
    public void close() {
        try {
            vertx().close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException fault) {
            throw new IllegalStateException("the event loops did not end", fault);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
