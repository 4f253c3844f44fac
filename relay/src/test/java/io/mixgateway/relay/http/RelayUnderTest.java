package io.mixgateway.relay.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.catalog.Catalog;
import io.mixgateway.relay.catalog.Endpoint;
import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.catalog.Quirk;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.meter.UsageClass;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.money.Price;
import io.mixgateway.relay.money.Tariff;
import io.mixgateway.relay.upstream.Upstream;
import io.mixgateway.testkit.FakeClock;
import io.mixgateway.testkit.FakeUpstream;
import io.mixgateway.testkit.RawClient;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The relay on a free port, in front of fake providers {@code p0}, {@code p1}, …, each serving {@code m} at 400 nanos per
 * input token and 1 600 per output token; {@code best} is a route over all. Closing it checks that every hold was ended
 * once, that no call and no body is left, and closes the providers.
 */
final class RelayUnderTest implements AutoCloseable {
    static final String KEY = "sk-mg-canary-of-the-client";
    static final String PROVIDER_KEY = "sk-canary-of-the-operator";
    static final AccountId ACCOUNT = new AccountId("acc-1");
    static final String BEARER = "Authorization: Bearer " + KEY + "\r\n";
    static final String CHAT = "/v1/chat/completions";
    static final String ASK = "{\"model\":\"p0:m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    static final String ASK_STREAM =
            "{\"model\":\"p0:m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    static final String ASK_STREAM_WITH_USAGE =
            ASK_STREAM.replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");

    /** Deadlines short enough to wait for, in tests of deadlines; the others keep the long ones. */
    static final Limits SHORT = new Limits(
            20 * 1024 * 1024,
            64 * 1024,
            Duration.ofMillis(500),
            Duration.ofMillis(1_200),
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            20_000);

    private static final Price PRICE = Tariff.of(Map.of(
                    UsageClass.INPUT, 400_000_000L,
                    UsageClass.CACHE_READ, 100_000_000L,
                    UsageClass.OUTPUT, 1_600_000_000L,
                    UsageClass.REASONING, 1_600_000_000L))
            .as("price-1");

    final FakeCallers callers = new FakeCallers();
    final FakeCredit credit = new FakeCredit();
    final FakeIdempotency idempotency = new FakeIdempotency();
    final FakeClock clock = FakeClock.standing();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<FakeUpstream> upstreams;
    private final Vertx vertx;
    private final Relay relay;
    private final GatewayServer server;

    private RelayUnderTest(Setup setup) {
        upstreams = setup.upstreams;
        callers.add(KEY, ACCOUNT.value());
        credit.grant(ACCOUNT, Nanos.parse(setup.credit));
        var catalog = setup.catalog();
        relay = new Relay(
                callers, credit, idempotency, () -> catalog, setup.builtIn, () -> setup.limits, meters, clock);
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
        server = done(GatewayServer.start(
                vertx,
                new Listen("127.0.0.1", 0, setup.tls, 2, setup.firstHead),
                relay,
                request -> request.response().setStatusCode(404).end()));
    }

    static final class Setup {
        private final List<FakeUpstream> upstreams;
        private final List<Provider> providers = new ArrayList<>();
        private final Map<String, Upstream> builtIn = new HashMap<>();
        private Limits limits = Limits.DEFAULT;
        private String credit = "100.00";
        private Optional<Listen.Tls> tls = Optional.empty();
        private OptionalLong maxOutput = OptionalLong.of(1_000);
        private Duration firstHead = Listen.FIRST_HEAD;

        private Setup(List<FakeUpstream> upstreams) {
            this.upstreams = upstreams;
            upstreams.forEach(upstream -> provider(upstream.baseUrl()));
        }

        private void provider(URI baseUrl) {
            provider("openai", baseUrl);
        }

        private void provider(String dialect, URI baseUrl) {
            providers.add(new Provider(
                    "p" + providers.size(),
                    dialect,
                    baseUrl,
                    "authorization",
                    "Bearer ",
                    Optional.of(new Secret(PROVIDER_KEY)),
                    Map.of(),
                    Set.of(),
                    false));
        }

        /** Adds a provider, the next {@code p0}, {@code p1}, …, that is inside the program. */
        Setup builtIn(String dialect, Upstream upstream) {
            builtIn.put(dialect, upstream);
            provider(dialect, URI.create(dialect + ":/"));
            return this;
        }

        Setup limits(Limits value) {
            limits = value;
            return this;
        }

        Setup limits(UnaryOperator<Limits> change) {
            limits = change.apply(limits);
            return this;
        }

        Setup firstHead(Duration value) {
            firstHead = value;
            return this;
        }

        Setup credit(String amount) {
            credit = amount;
            return this;
        }

        Setup tls(Listen.Tls value) {
            tls = Optional.of(value);
            return this;
        }

        Setup maxOutput(OptionalLong tokens) {
            maxOutput = tokens;
            return this;
        }

        /** Gives every provider these quirks. */
        Setup quirks(Quirk... quirks) {
            providers.replaceAll(provider -> new Provider(
                    provider.name(),
                    provider.dialect(),
                    provider.baseUrl(),
                    provider.authHeader(),
                    provider.authScheme(),
                    provider.apiKey(),
                    provider.headers(),
                    Set.of(quirks),
                    provider.http2()));
            return this;
        }

        /** Puts a provider that refuses every connection before the others, as {@code p0}. */
        Setup behindADeadOne() {
            var others = List.copyOf(upstreams);
            providers.clear();
            provider(URI.create("http://127.0.0.1:" + FakeUpstream.deadPort() + "/v1"));
            others.forEach(upstream -> provider(upstream.baseUrl()));
            return this;
        }

        private Catalog catalog() {
            var endpoints = providers.stream()
                    .map(provider ->
                            new Endpoint(provider, "m", Optional.of(PRICE), OptionalLong.of(128_000), maxOutput))
                    .toList();
            var listed = new ArrayList<>(endpoints);
            listed.add(new Endpoint(
                    providers.getFirst(), "unpriced", Optional.empty(), OptionalLong.empty(), OptionalLong.empty()));
            return new Catalog(providers, listed, Map.of("best", endpoints));
        }

        RelayUnderTest start() {
            return new RelayUnderTest(this);
        }
    }

    static Setup before(FakeUpstream... upstreams) {
        return new Setup(List.of(upstreams));
    }

    static RelayUnderTest serving(FakeUpstream... upstreams) {
        return before(upstreams).start();
    }

    /** What so many tokens cost. */
    static Nanos priceOf(long input, long output) {
        return new Nanos(400 * input + 1_600 * output);
    }

    int port() {
        return server.port();
    }

    Caller addCaller(String key, String account, String grant) {
        var caller = callers.add(key, account);
        credit.grant(caller.account(), Nanos.parse(grant));
        return caller;
    }

    RawClient client() throws IOException {
        return RawClient.to(port());
    }

    /** Sends a chat request on a new connection and leaves the answer to the test. */
    RawClient open(String body) throws IOException {
        return client().post(CHAT, BEARER, body.getBytes(UTF_8));
    }

    /** Sends a chat request on a new connection and reads the whole answer. */
    RawClient.Whole chat(String body) throws IOException {
        try (var client = open(body)) {
            return client.answer();
        }
    }

    /** Waits for so many settled generations, and answers them. */
    List<Generation> settled(int count) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> credit.settled().size() >= count);
        var settled = credit.settled();
        assertThat(settled).hasSize(count);
        return settled;
    }

    /** Waits for the only generation. */
    Generation generation() {
        return settled(1).getFirst();
    }

    int calls() {
        return server.calls();
    }

    long bytesHeld() {
        return relay.inFlight().bodies().taken() + relay.inFlight().answers().taken();
    }

    @Override
    public void close() {
        try {
            await("all calls are over").atMost(Duration.ofSeconds(10)).until(() -> calls() == 0 && credit.open() == 0);
            assertThat(credit.breaches()).isEmpty();
            assertThat(bytesHeld()).isZero();
        } finally {
            done(vertx.close());
            upstreams.forEach(FakeUpstream::close);
        }
    }

    private static <T> T done(io.vertx.core.Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
