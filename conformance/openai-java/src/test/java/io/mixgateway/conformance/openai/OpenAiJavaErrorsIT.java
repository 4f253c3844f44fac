package io.mixgateway.conformance.openai;

import static io.mixgateway.conformance.openai.Clients.GATEWAY;
import static io.mixgateway.conformance.openai.Clients.asking;
import static io.mixgateway.conformance.openai.Clients.client;
import static io.mixgateway.conformance.openai.Clients.throughGateway;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.mixgateway.conformance.ConformanceGateway;
import io.mixgateway.conformance.CountingProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong: each as the exception that the SDK has for it, tried again only where that helps. */
class OpenAiJavaErrorsIT {
    private final OpenAIClient gateway = throughGateway();

    @Test
    void unknownKeyIsUnauthorized() {
        var client = client(GATEWAY.baseUrl(), "sk-mg-nobody");

        var error = failure(UnauthorizedException.class, client, asking("mock:chat"));

        assertThat(error.code()).contains("invalid_api_key");
        assertThat(error.headers().values("x-request-id")).hasSize(1);
        // FAILURES 104: the key that was tried is not repeated.
        assertThat(error.getMessage()).doesNotContain("sk-mg-nobody");
    }

    @Test
    void unknownModelIsNotFound() {
        var error = failure(NotFoundException.class, gateway, asking("sandbox:ecko"));

        assertThat(error.code()).contains("model_not_found");
        assertThat(error.param()).contains("model");
        assertThat(error.getMessage()).contains("sandbox:echo");
    }

    // FAILURES 73: no credit is 402 before anything is streamed, and no SDK tries again.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void emptyAccountIsRefusedOnce(boolean streamed) {
        try (var proxy = CountingProxy.before(GATEWAY.baseUrl())) {
            var client = client(proxy.baseUrl(), GATEWAY.pennilessKey());
            var error = catchThrowableOfType(OpenAIServiceException.class, () -> {
                if (streamed) {
                    OpenAiJavaIT.stream(client, asking("mock:chat"));
                } else {
                    client.chat().completions().create(asking("mock:chat").build());
                }
            });

            assertThat(error.statusCode()).isEqualTo(402);
            assertThat(error.code()).contains("insufficient_credits");
            assertThat(proxy.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sandbox:error-429", "mock:error-429"})
    void limitedCallIsTriedAgainAfterTheGivenTime(String model) {
        try (var proxy = CountingProxy.before(GATEWAY.baseUrl())) {
            var client = client(proxy.baseUrl(), GATEWAY.apiKey());
            long began = System.nanoTime();
            var error = failure(RateLimitException.class, client, asking(model));

            assertThat(error.code()).contains("rate_limited");
            assertThat(error.headers().values("retry-after")).containsExactly("1");
            assertThat(proxy.requests()).isEqualTo(3);
            assertThat((System.nanoTime() - began) / 1_000_000).isGreaterThan(1900);
        }
    }

    @Test
    void requestThatTheProviderRefusesIsABadRequest() {
        var error = failure(BadRequestException.class, gateway, asking("mock:error-400"));

        assertThat(error.param()).contains("temperature");
        assertThat(error.code()).contains("invalid_value");
    }

    // FAILURES 35: an impossible number of choices is refused by the gateway itself.
    @Test
    void impossibleNumberOfChoicesIsABadRequest() {
        var error =
                failure(BadRequestException.class, gateway, asking("mock:chat").n(-1));

        assertThat(error.param()).contains("n");
        assertThat(error.code()).contains("invalid_request");
    }

    // FAILURES 104: neither the operator's key nor the provider's own words reach a client.
    @ParameterizedTest
    @ValueSource(strings = {"mock:error-401", "mock:error-500", "sandbox:error-500", "sandbox:error-503"})
    void faultOfTheProviderIsAServerError(String model) {
        var error = failure(
                InternalServerException.class, gateway.withOptions(options -> options.maxRetries(0)), asking(model));

        assertThat(error.statusCode()).isEqualTo(502);
        assertThat(error.code()).contains("upstream_error");
        assertThat(error.getMessage()).doesNotContain(ConformanceGateway.PROVIDER_KEY, "Internal detail");
    }

    // FAILURES 13 and 20: no bytes, or an error, under a 200 is no answer.
    @ParameterizedTest
    @ValueSource(strings = {"sandbox:empty", "sandbox:error-in-200"})
    void successWithoutAnAnswerIsAServerError(String model) {
        var client = gateway.withOptions(options -> options.maxRetries(0));

        assertThat(failure(InternalServerException.class, client, asking(model)).statusCode())
                .isEqualTo(502);
        assertThat(catchThrowableOfType(OpenAIException.class, () -> OpenAiJavaIT.stream(client, asking(model))))
                .isNotNull();
    }

    // FAILURES 11 and 12: a stream that ended early is an exception, never a short answer.
    @ParameterizedTest
    @ValueSource(
            strings = {"mock:cut", "mock:error-frame", "sandbox:cut", "sandbox:cut-900", "sandbox:error-in-stream"})
    void streamThatFailsMidwayThrows(String model) {
        var error = catchThrowableOfType(OpenAIException.class, () -> OpenAiJavaIT.stream(gateway, asking(model)));

        assertThat(error).isNotNull();
    }

    private static <E extends OpenAIServiceException> E failure(
            Class<E> type, OpenAIClient client, ChatCompletionCreateParams.Builder request) {
        return catchThrowableOfType(type, () -> client.chat().completions().create(request.build()));
    }
}
