package io.mixgateway.relay.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.testkit.RandomChat;
import io.mixgateway.testkit.RandomChat.Span;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Judges, without the product's own code, a body in which the gateway had to ask for the usage chunk. */
public final class AskedForUsage {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private AskedForUsage() {}

    /**
     * Checks that {@code sent} is the client's body with {@code model} put in, asks for usage, keeps the client's other
     * stream options, and differs nowhere outside the member {@code stream_options}.
     */
    public static void check(RandomChat chat, String model, byte[] sent) {
        var client = chat.withModel(model);
        var options = (ObjectNode) JSON.readTree(sent).path("stream_options");
        assertThat(options.path("include_usage").asBoolean(false))
                .as(chat.toString())
                .isTrue();
        assertThat(others(options))
                .as(chat.toString())
                .isEqualTo(others(JSON.readTree(client).path("stream_options")));
        if (chat.asksUsage()) {
            assertThat(sent).as(chat.toString()).isEqualTo(client);
            return;
        }
        var changed =
                chat.streamOptions().map(span -> chat.moved(span, model)).orElseGet(() -> insertedAt(client, sent));
        int tail = client.length - changed.to();
        assertThat(text(sent, 0, changed.from())).as(chat.toString()).isEqualTo(text(client, 0, changed.from()));
        assertThat(text(sent, sent.length - tail, sent.length))
                .as(chat.toString())
                .isEqualTo(text(client, changed.to(), client.length));
    }

    /** The longest common beginning: behind it, the rest of the client's bytes must follow what was put in. */
    private static Span insertedAt(byte[] client, byte[] sent) {
        int at = Arrays.mismatch(client, sent);
        int common = 0;
        while (common < client.length && client[client.length - 1 - common] == sent[sent.length - 1 - common]) {
            common++;
        }
        int from = Math.min(at, client.length);
        assertThat(from + common).as("one insertion").isGreaterThanOrEqualTo(client.length);
        return new Span(from, from);
    }

    private static Map<String, String> others(JsonNode options) {
        var others = new TreeMap<String, String>();
        options.properties()
                .forEach(member -> others.put(member.getKey(), member.getValue().toString()));
        others.remove("include_usage");
        return others;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, UTF_8);
    }
}
