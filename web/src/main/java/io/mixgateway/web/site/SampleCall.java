package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.catalog.Catalog;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Catalogs;
import io.mixgateway.relay.upstream.Upstream;
import io.mixgateway.relay.upstream.UpstreamFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The call that a visitor makes on the landing page: one message to the built-in sandbox, which costs nobody anything,
 * with what it would cost at the sandbox's price. No account, no provider and no network take part.
 */
public final class SampleCall {
    /** The longest message, in UTF-16 units. */
    public static final int LONGEST = 300;

    static final String MODEL = "sandbox:echo";

    private static final int LIMIT_SECONDS = 5;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Vertx vertx;
    private final Upstream sandbox;
    private final Catalogs catalogs;

    public SampleCall(Vertx vertx, Upstream sandbox, Catalogs catalogs) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.sandbox = requireNonNull(sandbox, "sandbox");
        this.catalogs = requireNonNull(catalogs, "catalogs");
    }

    /**
     * What came of it.
     *
     * @param millis from sending the call to the end of the answer
     * @param cost empty when the model has no price
     */
    public record Sample(String said, String answer, long input, long output, long millis, Optional<Nanos> cost) {}

    /** Whether there is a sandbox to call. */
    boolean canBeMade() {
        return endpoint(catalogs.current()).isPresent();
    }

    /** Calls; empty when there is no sandbox, or it did not answer. Blocking. */
    Optional<Sample> say(String words) {
        var endpoint = endpoint(catalogs.current());
        if (endpoint.isEmpty() || words.isBlank()) {
            return Optional.empty();
        }
        var said = words.length() <= LONGEST ? words : words.substring(0, LONGEST);
        var body = JSON.writeValueAsBytes(
                Map.of("model", "echo", "messages", List.of(Map.of("role", "user", "content", said))));
        long began = System.nanoTime();
        var whole = new CompletableFuture<Buffer>();
        var exchange = sandbox.send(
                new Upstream.Request(
                        endpoint.get(), "/chat/completions", MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body)),
                new Gathering(whole),
                vertx.getOrCreateContext());
        try {
            var answer =
                    JSON.readTree(whole.get(LIMIT_SECONDS, TimeUnit.SECONDS).getBytes());
            long millis = (System.nanoTime() - began) / 1_000_000;
            long input = answer.at("/usage/prompt_tokens").asLong();
            long output = answer.at("/usage/completion_tokens").asLong();
            var usage = Usage.text(input, output, input + output);
            return Optional.of(new Sample(
                    said,
                    answer.at("/choices/0/message/content").asString(""),
                    input,
                    output,
                    millis,
                    endpoint.get().price().map(price -> price.cost(usage))));
        } catch (ExecutionException | TimeoutException _) {
            exchange.cancel();
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Endpoint> endpoint(Catalog catalog) {
        return catalog.resolve(MODEL)
                .map(List::getFirst)
                .filter(found -> found.provider().dialect().equals("sandbox"));
    }

    private static final class Gathering implements Upstream.Listener {
        private final CompletableFuture<Buffer> whole;
        private final Buffer body = Buffer.buffer();

        Gathering(CompletableFuture<Buffer> whole) {
            this.whole = whole;
        }

        @Override
        public void head(int status, MultiMap headers) {
            if (status != 200) {
                whole.completeExceptionally(new IllegalStateException("the sandbox answered " + status));
            }
        }

        @Override
        public void bytes(Buffer piece) {
            body.appendBuffer(piece);
        }

        @Override
        public void end() {
            whole.complete(body);
        }

        @Override
        public void failed(UpstreamFailure failure) {
            whole.completeExceptionally(new IllegalStateException("the sandbox failed"));
        }
    }
}
