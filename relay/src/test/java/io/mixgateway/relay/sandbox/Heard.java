package io.mixgateway.relay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.upstream.Upstream;
import io.mixgateway.relay.upstream.UpstreamFailure;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One call of the sandbox on a real event loop, and all that its listener heard. */
final class Heard implements Upstream.Listener {
    static final JsonMapper JSON = new JsonMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_769_092_737), ZoneOffset.UTC);
    private static final SandboxUpstream SANDBOX = new SandboxUpstream(CLOCK);
    private static final Provider PROVIDER = new Provider(
            "sandbox",
            "sandbox",
            URI.create("sandbox:/"),
            "authorization",
            "Bearer ",
            Optional.empty(),
            Map.of(),
            Set.of(),
            false);

    private final Context context;
    private final CountDownLatch over = new CountDownLatch(1);
    final List<Buffer> pieces = new ArrayList<>();
    private volatile int status;
    private volatile MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private volatile boolean ended;
    private volatile Optional<UpstreamFailure> failure = Optional.empty();
    private volatile boolean wrongThread;
    volatile Runnable onHead = () -> {};
    volatile Runnable onBytes = () -> {};

    private Heard(Context context) {
        this.context = context;
    }

    /** A call under way. */
    record Call(Heard heard, Upstream.Exchange exchange) {}

    static Call start(Vertx vertx, String model, String path, Buffer body) {
        var context = vertx.getOrCreateContext();
        var heard = new Heard(context);
        var endpoint = new Endpoint(PROVIDER, model, Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
        var request = new Upstream.Request(endpoint, path, MultiMap.caseInsensitiveMultiMap(), body);
        return new Call(heard, SANDBOX.send(request, heard, context));
    }

    static Heard whole(Vertx vertx, String model, String path, String body) {
        return start(vertx, model, path, Buffer.buffer(body)).heard().untilOver();
    }

    static Heard chat(Vertx vertx, String model, String body) {
        return whole(vertx, model, "/chat/completions", body);
    }

    Heard untilOver() {
        try {
            assertThat(over.await(60, TimeUnit.SECONDS)).as("the answer ends").isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        assertThat(wrongThread).as("called off its context").isFalse();
        return this;
    }

    private void check() {
        wrongThread |= !context.equals(Vertx.currentContext());
        assertThat(over.getCount()).as("heard after the end").isEqualTo(1);
    }

    @Override
    public void head(int newStatus, MultiMap newHeaders) {
        check();
        status = newStatus;
        headers = newHeaders;
        onHead.run();
    }

    @Override
    public void bytes(Buffer piece) {
        check();
        synchronized (pieces) {
            pieces.add(piece);
        }
        onBytes.run();
    }

    @Override
    public void end() {
        check();
        ended = true;
        over.countDown();
    }

    @Override
    public void failed(UpstreamFailure why) {
        check();
        failure = Optional.of(why);
        over.countDown();
    }

    Context context() {
        return context;
    }

    int status() {
        return status;
    }

    MultiMap headers() {
        return headers;
    }

    boolean ended() {
        return ended;
    }

    Optional<UpstreamFailure> failure() {
        return failure;
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    byte[] bytes() {
        var all = Buffer.buffer();
        synchronized (pieces) {
            pieces.forEach(all::appendBuffer);
        }
        return all.getBytes();
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return JSON.readTree(bytes());
    }

    /** The data of every event, {@code [DONE]} included. */
    List<String> events() {
        var events = new ArrayList<String>();
        for (String event : text().split("\n\n", -1)) {
            if (!event.isEmpty()) {
                assertThat(event).startsWith("data: ").doesNotContain("\n");
                events.add(event.substring("data: ".length()));
            }
        }
        return events;
    }

    List<JsonNode> chunks() {
        return events().stream()
                .filter(event -> !event.equals("[DONE]"))
                .map(JSON::readTree)
                .toList();
    }

    /** What all chunks of a choice say together. */
    String streamedText(int choice) {
        var text = new StringBuilder();
        for (JsonNode chunk : chunks()) {
            for (JsonNode one : chunk.path("choices")) {
                if (one.path("index").asInt() == choice) {
                    text.append(one.path("delta").path("content").asString(""));
                }
            }
        }
        return text.toString();
    }
}
