package io.mixgateway.web;

import static java.util.Objects.requireNonNull;

import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * One thing that can be asked of the web part.
 *
 * @param path as Vert.x reads it, with {@code :name} for a variable segment
 */
public record Route(HttpMethod method, String path, Permission permission, Answerer answerer) {
    public Route {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(permission, "permission");
        requireNonNull(answerer, "answerer");
    }

    public static Route get(String path, Permission permission, Answerer answerer) {
        return new Route(HttpMethod.GET, path, permission, answerer);
    }

    public static Route post(String path, Permission permission, Answerer answerer) {
        return new Route(HttpMethod.POST, path, permission, answerer);
    }

    /** By what methods it is asked: what answers GET answers HEAD, without a body. */
    public List<HttpMethod> methods() {
        return method.equals(HttpMethod.GET) ? List.of(HttpMethod.GET, HttpMethod.HEAD) : List.of(method);
    }

    /** Whether it may change something, so that a request must be known to come from where it says. */
    public boolean changes() {
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    }

    /** Makes the answer, on a virtual thread, so it may block. */
    @FunctionalInterface
    public interface Answerer {
        /** @throws io.mixgateway.relay.call.CallRefused to say no, in the shape of OpenAI's errors */
        Answer answer(Asked asked);
    }
}
