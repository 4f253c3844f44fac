package io.mixgateway.conformance.spring;

import static io.mixgateway.conformance.spring.Models.GATEWAY;
import static io.mixgateway.conformance.spring.Models.QUESTION;
import static io.mixgateway.conformance.spring.Models.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import io.mixgateway.conformance.ConformanceGateway;
import io.mixgateway.conformance.CountingProxy;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;

/** What goes wrong: each as the exception that Spring AI hands on, tried again only where that helps. */
class SpringAiErrorsIT {
    @Test
    void unknownKeyIsUnauthorized() {
        var error = failure(chat(GATEWAY.baseUrl(), "sk-mg-nobody", "mock:chat", _ -> {}));

        assertThat(error).isInstanceOf(UnauthorizedException.class);
        assertThat(error.code()).contains("invalid_api_key");
        assertThat(error.headers().values("x-request-id")).hasSize(1);
    }

    @Test
    void unknownModelIsNotFound() {
        var error = failure(chat("sandbox:ecko"));

        assertThat(error).isInstanceOf(NotFoundException.class);
        assertThat(error.code()).contains("model_not_found");
    }

    // FAILURES 73: no credit is 402 before anything is streamed, and Spring AI does not try again.
    @Test
    void emptyAccountIsRefusedOnce() {
        try (var proxy = CountingProxy.before(GATEWAY.baseUrl())) {
            var model = chat(proxy.baseUrl(), GATEWAY.pennilessKey(), "mock:chat", _ -> {});

            var error = failure(model);
            assertThat(error.statusCode()).isEqualTo(402);
            assertThat(error.code()).contains("insufficient_credits");
            assertThat(proxy.requests()).isEqualTo(1);

            assertThatThrownBy(() -> SpringAiIT.stream(model)).hasMessageContaining("402");
            assertThat(proxy.requests()).isEqualTo(2);
        }
    }

    @Test
    void limitedCallIsTriedAgain() {
        try (var proxy = CountingProxy.before(GATEWAY.baseUrl())) {
            var error = failure(chat(proxy.baseUrl(), GATEWAY.apiKey(), "sandbox:error-429", _ -> {}));

            assertThat(error).isInstanceOf(RateLimitException.class);
            assertThat(proxy.requests()).isGreaterThan(1);
        }
    }

    @Test
    void requestThatTheProviderRefusesIsABadRequest() {
        var error = failure(chat("mock:error-400"));

        assertThat(error).isInstanceOf(BadRequestException.class);
        assertThat(error.param()).contains("temperature");
    }

    // FAILURES 104: neither the operator's key nor the provider's own words reach a client.
    @ParameterizedTest
    @ValueSource(strings = {"mock:error-401", "mock:error-500", "sandbox:error-503"})
    void faultOfTheProviderIsAServerError(String model) {
        var error = failure(chat(model, options -> options.maxRetries(0)));

        assertThat(error).isInstanceOf(InternalServerException.class);
        assertThat(error.code()).contains("upstream_error");
        assertThat(error.getMessage()).doesNotContain(ConformanceGateway.PROVIDER_KEY, "Internal detail");
    }

    // FAILURES 11 and 12: a stream that ended early is an error, never a short answer.
    @ParameterizedTest
    @ValueSource(strings = {"mock:cut", "mock:error-frame", "sandbox:cut-900", "sandbox:error-in-stream"})
    void streamThatFailsMidwayIsAnError(String model) {
        assertThat(catchThrowable(() -> SpringAiIT.stream(chat(model)))).isNotNull();
    }

    private static OpenAIServiceException failure(OpenAiChatModel model) {
        var thrown = catchThrowable(() -> model.call(new Prompt(QUESTION)));
        while (thrown != null && !(thrown instanceof OpenAIServiceException)) {
            thrown = thrown.getCause();
        }
        return (OpenAIServiceException) Objects.requireNonNull(thrown, "no error of the SDK");
    }
}
