package io.mixgateway.relay.upstream;

import io.mixgateway.relay.catalog.Endpoint;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** Something that answers calls in a dialect: a provider over HTTP, or the built-in sandbox. */
public interface Upstream {
    /**
     * Starts one attempt. All of {@code listener}'s methods are called on {@code context}'s event loop, none before
     * this returns.
     */
    Exchange send(Request request, Listener listener, Context context);

    /**
     * What to send.
     *
     * @param path below the provider's base URL, such as {@code /chat/completions}
     * @param headers already cleaned of what must not be forwarded; without credentials
     * @param body perhaps composed of pieces of the client's
     */
    record Request(Endpoint endpoint, String path, MultiMap headers, Buffer body) {
        /** Without headers and body, which are the client's. */
        @Override
        public String toString() {
            return "Request[" + endpoint + ", " + path + ", " + body.length() + " bytes]";
        }
    }

    /** What the attempt heard. First one {@code head}, then any {@code bytes}, then one {@code end}; or at any point one {@code failed}, and nothing after it. */
    interface Listener {
        void head(int status, MultiMap headers);

        /** A piece of the body, as it came off the wire. The buffer is the listener's to keep. */
        void bytes(Buffer piece);

        void end();

        void failed(UpstreamFailure failure);
    }

    /** A running attempt. Methods are called on the attempt's event loop; after the end they do nothing. */
    interface Exchange {
        /** Stops reading until {@link #resume}: back-pressure. A piece already read may still come. */
        void pause();

        void resume();

        /** Ends the attempt at once, closing or resetting what carries it. The listener hears nothing more. */
        void cancel();
    }
}
