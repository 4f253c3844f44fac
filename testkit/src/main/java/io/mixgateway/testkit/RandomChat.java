package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A valid chat completion request of which it is known where each byte came from. The same for the same seed.
 *
 * @param body its text; spans count the bytes of its UTF-8 form
 * @param model where the value of {@code model} stands, quotes included
 * @param streamOptions where the value of {@code stream_options} stands, if there is one
 * @param streams whether it asks for a stream
 * @param asksUsage whether it asks for the usage chunk
 */
public record RandomChat(
        long seed, String body, Span model, Optional<Span> streamOptions, boolean streams, boolean asksUsage) {

    /** Bytes from {@code from} up to and without {@code to}. */
    public record Span(int from, int to) {}

    private record Member(String name, String spelledName, String value) {}

    /** A request for {@code model}, drawn from {@code seed}. */
    public static RandomChat drawn(long seed, String model) {
        var random = new Random(seed);
        var json = new RandomJson(random);
        var members = new ArrayList<Member>();
        add(members, json, "model", json.spelled(model));
        add(members, json, "messages", messages(json, random));
        boolean streams = random.nextBoolean();
        if (streams || random.nextInt(3) == 0) {
            add(members, json, "stream", streams ? "true" : random.nextBoolean() ? "false" : "null");
        }
        boolean asksUsage = false;
        if (streams && random.nextInt(3) > 0) {
            var options = json.pick(List.of(
                    "{}",
                    "null",
                    "{\"include_usage\":false}",
                    "{ \"include_usage\" : true }",
                    "{\"include_usage\":true,\"x\":[1e400]}",
                    "{\"include_obfuscation\":false}",
                    "{\"include_obfuscation\":false , \"include_usage\":null}"));
            asksUsage = options.contains("true");
            add(members, json, "stream_options", options);
        }
        for (String name : List.of(
                "temperature",
                "top_p",
                "seed",
                "user",
                "tools",
                "metadata",
                "logit_bias",
                "x_unknown",
                "provider_extra")) {
            if (random.nextInt(3) == 0) {
                add(members, json, name, json.value(random.nextInt(10) == 0 ? 30 : 3));
            }
        }
        if (random.nextInt(3) == 0) {
            add(members, json, random.nextBoolean() ? "max_tokens" : "max_completion_tokens", "17");
        }
        Collections.shuffle(members, random);
        return written(seed, members, json, streams, asksUsage);
    }

    private static RandomChat written(
            long seed, List<Member> members, RandomJson json, boolean streams, boolean asksUsage) {
        var text = new StringBuilder(json.space()).append('{');
        var model = new Span(0, 0);
        Optional<Span> options = Optional.empty();
        for (int i = 0; i < members.size(); i++) {
            var member = members.get(i);
            text.append(i == 0 ? "" : ",").append(json.space()).append(member.spelledName);
            text.append(json.space()).append(':').append(json.space());
            int from = length(text);
            text.append(member.value);
            var span = new Span(from, length(text));
            model = member.name.equals("model") ? span : model;
            options = member.name.equals("stream_options") ? Optional.of(span) : options;
            text.append(json.space());
        }
        text.append('}').append(json.space());
        return new RandomChat(seed, text.toString(), model, options, streams, asksUsage);
    }

    private static int length(CharSequence text) {
        return text.toString().getBytes(UTF_8).length;
    }

    private static void add(List<Member> members, RandomJson json, String name, String value) {
        members.add(new Member(name, json.spelled(name), value));
    }

    private static String messages(RandomJson json, Random random) {
        var text = new StringBuilder("[");
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(json.space()).append("{\"role\":").append(json.space()).append("\"user\"");
            text.append(",\"content\":").append(json.string());
            if (random.nextInt(3) == 0) {
                text.append(",\"name\":").append(json.value(2));
            }
            text.append(i == 0 ? "}" : "},");
        }
        return text.append(json.space()).append(']').toString();
    }

    public byte[] bytes() {
        return body.getBytes(UTF_8);
    }

    /** These bytes with the model's value replaced by the plain JSON string of {@code name}. */
    public byte[] withModel(String name) {
        var bytes = bytes();
        return Cuts.join(List.of(
                Arrays.copyOf(bytes, model.from),
                ('"' + name + '"').getBytes(UTF_8),
                Arrays.copyOfRange(bytes, model.to, bytes.length)));
    }

    /** Where a span of {@link #bytes} stands in {@link #withModel}. */
    public Span moved(Span span, String name) {
        int by = span.from < model.from ? 0 : name.getBytes(UTF_8).length + 2 - (model.to - model.from);
        return new Span(span.from + by, span.to + by);
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + body;
    }
}
