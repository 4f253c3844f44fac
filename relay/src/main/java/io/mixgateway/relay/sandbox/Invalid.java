package io.mixgateway.relay.sandbox;

import org.jspecify.annotations.Nullable;

/** A request that OpenAI would answer with a 400. Thrown while it is read, and answered in one place. */
final class Invalid extends RuntimeException {
    private final @Nullable String param;
    private final @Nullable String code;

    Invalid(String message, @Nullable String param, @Nullable String code) {
        super(message, null, false, false);
        this.param = param;
        this.code = code;
    }

    static Invalid value(String param, String message) {
        return new Invalid(message, param, "invalid_value");
    }

    static Invalid missing(String param) {
        return new Invalid("Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
    }

    static Invalid type(String param, String expected, Json found) {
        return new Invalid(
                "Invalid type for '" + param + "': expected " + expected + ", but got " + found.kind() + " instead.",
                param,
                "invalid_type");
    }

    static Invalid notJson() {
        return new Invalid(
                "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload.", null, null);
    }

    String text() {
        return String.valueOf(getMessage());
    }

    @Nullable
    String param() {
        return param;
    }

    @Nullable
    String code() {
        return code;
    }
}
