package io.mixgateway.relay.view;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.meter.ServiceTier;
import java.util.OptionalLong;

/**
 * The facts of a request that the gateway acts on, and where in the body they stand.
 *
 * @param body the client's bytes, untouched
 * @param model the name asked for
 * @param modelSpan where its value stands, quotes included
 * @param stream whether a stream was asked for
 * @param streamOptions where the value of {@code stream_options} stands, if it is there
 * @param includeUsage where the value of {@code stream_options.include_usage} stands, if it is there
 * @param wantsUsage whether the client itself asked for the usage chunk
 * @param maxTokens the longest output the client allows for each choice, in tokens
 * @param choices how many answers were asked for ({@code n}), 1 when not said
 * @param promptBytes how many bytes of the body are prompt text: messages, input, tools, schema
 * @param mediaParts how many inline or linked images, sounds and files the prompt holds
 * @param serviceTier how urgently the client wants it served; the standard tier when not said
 */
public record RequestView(
        RequestContent body,
        String model,
        Span modelSpan,
        boolean stream,
        Span streamOptions,
        Span includeUsage,
        boolean wantsUsage,
        OptionalLong maxTokens,
        int choices,
        int promptBytes,
        int mediaParts,
        ServiceTier serviceTier) {
    public RequestView {
        requireNonNull(body, "body");
        requireNonNull(model, "model");
        requireNonNull(modelSpan, "modelSpan");
        requireNonNull(maxTokens, "maxTokens");
        requireNonNull(serviceTier, "serviceTier");
    }

    /** The same facts without the bytes, for a call that will not be sent again. */
    public RequestView withoutBody() {
        return new RequestView(
                RequestContent.NONE,
                model,
                modelSpan,
                stream,
                streamOptions,
                includeUsage,
                wantsUsage,
                maxTokens,
                choices,
                promptBytes,
                mediaParts,
                serviceTier);
    }

    @Override
    public String toString() {
        return "RequestView[model=" + model + ", body=" + body + "]";
    }
}
