package io.mixgateway.relay.meter;

import java.util.List;
import java.util.Locale;

/**
 * The disjoint classes in which usage is counted and priced: every token is in exactly one. The one list of them; {@link
 * #code()} is their name in JSON, in price lists and in the database.
 */
public enum UsageClass {
    /** Uncached text input. */
    INPUT(true),
    /** Input read from the provider's prompt cache. */
    CACHE_READ(true),
    /** Input written to the cache for five minutes, or for the provider's only term. */
    CACHE_WRITE_5M(true),
    /** Input written to the cache for an hour. */
    CACHE_WRITE_1H(true),
    /** Visible text output. */
    OUTPUT(false),
    /** Output spent on hidden reasoning. */
    REASONING(false),
    AUDIO_INPUT(true),
    AUDIO_OUTPUT(false),
    /** Images in, where the provider reports them apart from text. */
    IMAGE_INPUT(true),
    IMAGE_OUTPUT(false);

    /** In the order in which everything writes them. */
    public static final List<UsageClass> ALL = List.of(values());

    private final boolean prompt;
    private final String code = name().toLowerCase(Locale.ROOT);

    UsageClass(boolean prompt) {
        this.prompt = prompt;
    }

    /** Whether it is part of the prompt; if not, of the answer. */
    public boolean isPrompt() {
        return prompt;
    }

    public String code() {
        return code;
    }

    /** Where its figure stands in arrays in memory; nothing that outlives the process is written by it. */
    @SuppressWarnings("EnumOrdinal")
    public int position() {
        return ordinal();
    }
}
