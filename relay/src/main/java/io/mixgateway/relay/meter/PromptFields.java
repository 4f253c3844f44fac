package io.mixgateway.relay.meter;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a request body a model reads, and which of their strings are pictures, sounds and files and not words.
 * Field meanings: OpenAI's API description, CreateChatCompletionRequest and CreateEmbeddingRequest.
 */
public final class PromptFields {
    private static final Set<String> READ =
            Set.of("messages", "prompt", "input", "tools", "functions", "response_format", "suffix");
    private static final Set<String> WITH_MEDIA = Set.of("messages", "input");
    private static final Set<String> READ_AS_THEY_STAND = Set.of("tools", "functions", "response_format");

    private PromptFields() {}

    /** Whether a model reads what stands in this field of the body itself. */
    public static boolean isRead(String topLevel) {
        return READ.contains(topLevel);
    }

    /** Whether this field of the body itself may hold pictures, sounds and files; in a tool's schema "data" is a word like any other. */
    public static boolean mayHoldMedia(String topLevel) {
        return WITH_MEDIA.contains(topLevel);
    }

    /** Whether a model is shown this field of the body itself as JSON, the names of its members included. */
    static boolean isReadAsItStands(String topLevel) {
        return READ_AS_THEY_STAND.contains(topLevel);
    }

    /**
     * Whether a string is a picture by its address or as a data URL, or a sound or file as base64; never a text that
     * merely begins like one.
     *
     * @param name of the member that the string is the value of; null in an array
     * @param isAddress whether it begins with {@code data:} or {@code http}
     */
    public static boolean isMedia(@Nullable String name, boolean isAddress) {
        if (name == null) {
            return false;
        }
        return switch (name) {
            case "url", "image_url" -> isAddress;
            case "data", "file_data" -> true;
            default -> false;
        };
    }
}
