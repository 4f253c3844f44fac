package io.mixgateway.relay.call;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gateway says no, before any upstream accepted the call. The message goes to the client, so it
 * never holds a secret or an internal address, and says what to do.
 */
public final class CallRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final @Nullable String param;
    private final transient Map<String, Object> details = new LinkedHashMap<>();

    public CallRefused(Refusal refusal, String message) {
        this(refusal, message, null);
    }

    /** @param param the request field at fault, as OpenAI's {@code param} names it, or null */
    public CallRefused(Refusal refusal, String message, @Nullable String param) {
        super(requireNonNull(message, "message"), null, false, false);
        this.refusal = requireNonNull(refusal, "refusal");
        this.param = param;
    }

    /** Adds a machine-readable member to the error object, such as {@code balance}. */
    public CallRefused with(String name, Object value) {
        details.put(name, value);
        return this;
    }

    public Refusal refusal() {
        return refusal;
    }

    public @Nullable String param() {
        return param;
    }

    /** Extra members of the error object: strings, whole numbers, booleans. */
    public Map<String, Object> details() {
        return details;
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
