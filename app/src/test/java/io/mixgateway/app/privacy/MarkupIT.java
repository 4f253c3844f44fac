package io.mixgateway.app.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.app.GatewayUnderTest;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;

/** Must show 7: text from outside is text, whatever it looks like. */
class MarkupIT {
    private static final String NAME = "<img src=x onerror=alert(1)>\"'&";

    @Test
    void theManagementApiGivesItBackAsText() {
        try (var gateway = GatewayUnderTest.start()) {
            var secret = gateway.command("keys", "create", "--name", NAME, "--json")
                    .json()
                    .get("secret")
                    .asString();
            var asked = HttpRequest.newBuilder(gateway.uri("/api/v1/key"))
                    .header("authorization", "Bearer " + secret)
                    .header("user-agent", "<script>alert(1)</script>")
                    .build();

            var answer = gateway.send(asked);
            var refused = gateway.get("/api/v1/%3Cscript%3Ealert(1)%3C/script%3E");
            var model = gateway.chat("<script>alert(1)</script>", "hello");

            assertThat(GatewayUnderTest.json(answer).get("name").asString()).isEqualTo(NAME);
            for (var one : java.util.List.of(answer, refused, model)) {
                assertThat(one.headers().firstValue("content-type"))
                        .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
            }
            assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(refused.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(model.statusCode()).isEqualTo(404);
        }
    }
}
