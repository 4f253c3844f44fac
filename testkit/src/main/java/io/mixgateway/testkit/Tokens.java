package io.mixgateway.testkit;

/**
 * What a fake provider truly counts for one answer, whatever it reports. The parts lie inside their wholes, as in
 * OpenAI's usage object.
 *
 * @param prompt all prompt tokens, cached ones included
 * @param cached of these, read from a cache
 * @param completion all output tokens, reasoning included
 * @param reasoning of these, hidden reasoning
 */
public record Tokens(long prompt, long cached, long completion, long reasoning) {
    public static final Tokens NONE = new Tokens(0, 0, 0, 0);

    public static Tokens of(long prompt, long completion) {
        return new Tokens(prompt, 0, completion, 0);
    }

    public Tokens plus(Tokens other) {
        return new Tokens(
                prompt + other.prompt,
                cached + other.cached,
                completion + other.completion,
                reasoning + other.reasoning);
    }

    public long total() {
        return prompt + completion;
    }
}
