package io.mixgateway.conformance.langchain4j;

import static io.mixgateway.conformance.langchain4j.Models.GATEWAY;
import static io.mixgateway.conformance.langchain4j.Models.asking;
import static io.mixgateway.conformance.langchain4j.Models.countedPlain;
import static io.mixgateway.conformance.langchain4j.Models.countedStreaming;
import static io.mixgateway.conformance.langchain4j.Models.finished;
import static io.mixgateway.conformance.langchain4j.Models.plain;
import static io.mixgateway.conformance.langchain4j.Models.streaming;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import io.mixgateway.conformance.ConformanceGateway;
import io.mixgateway.conformance.CountingProxy;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong: each as the exception that LangChain4j has for it, tried again only where that helps. */
class LangChain4jErrorsIT {
    @Test
    void unknownKeyIsAnAuthenticationError() {
        var model = plain(GATEWAY.baseUrl(), "sk-mg-nobody", "mock:chat");

        assertThatThrownBy(() -> model.chat("Hello"))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("invalid_api_key")
                .hasMessageNotContaining("sk-mg-nobody");
    }

    @Test
    void unknownModelIsNotFound() {
        assertThatThrownBy(() -> plain("sandbox:ecko").chat("Hello"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("model_not_found")
                .hasMessageContaining("sandbox:echo");
    }

    // FAILURES 73: no credit is 402 before anything is streamed, and LangChain4j does not try again.
    @Test
    void emptyAccountIsRefusedOnce() {
        var key = GATEWAY.pennilessKey();
        try (var proxy = CountingProxy.before(GATEWAY.baseUrl())) {
            assertThatThrownBy(() ->
                            countedPlain(proxy.baseUrl(), key, "mock:chat").chat("Hello"))
                    .isInstanceOf(LangChain4jException.class)
                    .hasMessageContaining("insufficient_credits");
            assertThat(proxy.requests()).isEqualTo(1);

            assertThatThrownBy(() -> finished(countedStreaming(proxy.baseUrl(), key, "mock:chat"), asking().build()))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("insufficient_credits");
            assertThat(proxy.requests()).isEqualTo(2);
        }
    }

    @Test
    void limitedCallIsTriedAgain() {
        try (var proxy = CountingProxy.before(GATEWAY.baseUrl())) {
            var model = countedPlain(proxy.baseUrl(), GATEWAY.apiKey(), "sandbox:error-429");

            assertThatThrownBy(() -> model.chat("Hello"))
                    .isInstanceOf(RateLimitException.class)
                    .hasMessageContaining("rate_limited");
            assertThat(proxy.requests()).isEqualTo(3);
        }
    }

    @Test
    void requestThatTheProviderRefusesIsAnInvalidRequest() {
        assertThatThrownBy(() -> plain("mock:error-400").chat("Hello"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("temperature");
    }

    // FAILURES 104: neither the operator's key nor the provider's own words reach a client.
    @ParameterizedTest
    @ValueSource(strings = {"mock:error-401", "mock:error-500", "sandbox:error-503"})
    void faultOfTheProviderIsAServerError(String model) {
        assertThatThrownBy(() -> plain(model).chat("Hello"))
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("upstream_error")
                .hasMessageNotContainingAny(ConformanceGateway.PROVIDER_KEY, "Internal detail");
    }

    // FAILURES 11 and 12: LangChain4j reads over an error in a stream, the gateway's as well as a provider's own. It
    // can
    // tell that the answer did not finish: there is no finish reason, and the last events say what happened.
    @ParameterizedTest
    @ValueSource(strings = {"mock:cut", "mock:error-frame", "sandbox:cut-900", "sandbox:error-in-stream"})
    void streamThatFailsMidwayHasNoFinishReason(String model) throws Exception {
        var end = finished(streaming(model), asking().build());

        assertThat(end.finishReason()).isNull();
        var metadata = (OpenAiChatResponseMetadata) end.metadata();
        var events = metadata.rawServerSentEvents();
        assertThat(events.get(events.size() - 2).data())
                .contains("\"code\":\"upstream_error\"", "\"finish_reason\":\"error\"");
        assertThat(events.getLast().data()).startsWith("{\"error\":{").contains("\"code\":\"upstream_error\"");
    }
}
