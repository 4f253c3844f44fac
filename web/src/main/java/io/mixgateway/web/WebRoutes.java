package io.mixgateway.web;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.signin.SignedIn;
import io.mixgateway.platform.store.Database;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.PresentedKey;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.relay.port.Callers;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every path that is not an inference surface, by the one table of {@link Route}s it is given: finds the
 * route, checks its {@link Permission}, makes the answer on a virtual thread and writes it on the event loop.
 */
public final class WebRoutes implements Handler<HttpServerRequest>, AutoCloseable {
    private static final int MOST_AT_ONCE = 128;
    private static final int LARGEST_BODY = 16 * 1024;
    private static final int STORE_SECONDS = 5;
    private static final int WORTH_ZIPPING = 1_000;
    private static final String ALLOWED = "allowed";
    // Pictures as data: Tabler draws ticks and arrows so.
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Logger log = LoggerFactory.getLogger(WebRoutes.class);

    private final Router router;
    private final Door door;
    private final RefusalPage refusalPage;
    private final Callers callers;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("web-", 0).factory());
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /** What a person's browser is told instead of a JSON document. May block. */
    @FunctionalInterface
    public interface RefusalPage {
        /** @param viewer who is signed in, so that the page has their menu */
        Answer answer(Seen seen, CallRefused refused, Optional<SignedIn> viewer);
    }

    /** @param refusalPage what a person's browser is told instead of a JSON document; may block */
    public WebRoutes(
            Vertx vertx, Callers callers, InstantSource clock, List<Route> routes, Door door, RefusalPage refusalPage) {
        this.door = requireNonNull(door, "door");
        this.refusalPage = requireNonNull(refusalPage, "refusalPage");
        this.callers = requireNonNull(callers, "callers");
        this.clock = requireNonNull(clock, "clock");
        this.router = Router.router(vertx);
        var methods = new LinkedHashMap<String, Set<HttpMethod>>();
        for (Route route : routes) {
            var found = router.route(route.path());
            route.methods().forEach(found::method);
            methods.computeIfAbsent(route.path(), _ -> new LinkedHashSet<>()).addAll(route.methods());
            if (route.method().equals(HttpMethod.POST)) {
                found.handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));
            }
            found.handler(call -> begin(route, call));
        }
        // Who comes this far has asked for no path, or for one by another method.
        methods.forEach((path, allowed) -> router.route(path).handler(call -> allow(call, allowed)));
        router.route().handler(this::notRouted);
        router.errorHandler(413, call -> refuse(call, tooLarge()));
        router.errorHandler(
                400, call -> refuse(call, new CallRefused(Refusal.INVALID_REQUEST, "The request cannot be read.")));
        router.errorHandler(500, call -> {
            log.atError().setCause(call.failure()).log("A page or management call failed");
            refuse(call, internal());
        });
    }

    @Override
    public void handle(HttpServerRequest request) {
        var response = request.response()
                .putHeader("x-request-id", RequestId.next())
                .putHeader("x-content-type-options", "nosniff")
                // Not "no-referrer", with which browsers send "Origin: null" and forms could not be told from
                // forgeries.
                .putHeader("referrer-policy", "same-origin")
                .putHeader("cross-origin-opener-policy", "same-origin")
                .putHeader("content-security-policy", POLICY);
        // A client may leave it out of its HTTP/2 request, and the router takes it for granted.
        if (request.version() == HttpVersion.HTTP_2 && request.authority() == null) {
            write(request.method(), response, ErrorBody.of(hostless()));
            return;
        }
        router.handle(request);
    }

    /** Lets no further work begin and interrupts what runs. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void begin(Route route, RoutingContext call) {
        if (!places.tryAcquire()) {
            call.response().putHeader("retry-after", "1");
            refuse(
                    call,
                    new CallRefused(
                            Refusal.OVERLOADED, "Too many requests are being answered. Try again in a second."));
            return;
        }
        var loop = call.vertx().getOrCreateContext();
        var seen = seen(call.request());
        var path = call.pathParams();
        var query = lastOfEach(call.queryParams());
        var form = route.method().equals(HttpMethod.POST)
                ? lastOfEach(call.request().formAttributes())
                : Map.<String, String>of();
        try {
            threads.execute(() -> {
                try {
                    send(loop, call, zipped(seen, answer(route, seen, path, query, form)));
                } finally {
                    places.release();
                }
            });
        } catch (java.util.concurrent.RejectedExecutionException _) {
            places.release();
            refuse(call, new CallRefused(Refusal.OVERLOADED, "The gateway is stopping."));
        }
    }

    private Answer answer(
            Route route, Seen seen, Map<String, String> path, Map<String, String> query, Map<String, String> form) {
        var signedIn = Optional.<SignedIn>empty();
        try {
            var permission = route.permission();
            var caller = permission == Permission.API_KEY ? Optional.of(authenticate(seen)) : Optional.<Caller>empty();
            if (permission != Permission.API_KEY && permission != Permission.FILE) {
                signedIn = door.who(seen);
            }
            // A key must be put into a header by the page that sends it; cookies go along by themselves.
            if (route.changes() && route.permission() != Permission.API_KEY && !SameOrigin.holds(seen)) {
                throw new CallRefused(Refusal.FORBIDDEN, "This form was not sent from a page of this site.");
            }
            if (permission.needsPerson()) {
                if (signedIn.isEmpty()) {
                    return door.turnAway(seen);
                }
                if (!permission.isOf(signedIn.get().role())) {
                    throw new CallRefused(Refusal.FORBIDDEN, "Your role in this account does not allow this.");
                }
            }
            var answer = route.answerer().answer(new Asked(caller, path, query, form, seen, signedIn));
            return letOut(signedIn, answer);
        } catch (CallRefused refused) {
            return refusal(seen, refused, signedIn);
        } catch (RuntimeException fault) {
            return refusal(seen, failed(route, fault), signedIn);
        }
    }

    private static CallRefused failed(Route route, RuntimeException fault) {
        if (Database.isAway(fault)) {
            log.warn("{}: the database does not answer: {}", route.path(), fault.toString());
            return new CallRefused(
                    Refusal.OVERLOADED, "The gateway's store does not answer just now. Try again in a moment.");
        }
        log.atError().setCause(fault).addKeyValue("route", route.path()).log("A page or management call failed");
        return internal();
    }

    /** What is refused may carry a new token all the same: the old one ends soon. */
    private Answer letOut(Optional<SignedIn> signedIn, Answer answer) {
        return signedIn.map(who -> door.letOut(who, answer)).orElse(answer);
    }

    private Answer refusal(Seen seen, CallRefused refused, Optional<SignedIn> signedIn) {
        return letOut(signedIn, saidNo(seen, refused, signedIn));
    }

    /** Where no route leads: nobody has looked yet who asks. */
    private Optional<SignedIn> visitor(Seen seen) {
        try {
            return door.who(seen);
        } catch (RuntimeException fault) {
            log.atWarn().setCause(fault).log("Nobody can tell who asks for a page that is not there");
            return Optional.empty();
        }
    }

    private Answer saidNo(Seen seen, CallRefused refused, Optional<SignedIn> signedIn) {
        if (seen.wantsPage()) {
            try {
                return refusalPage.answer(seen, refused, signedIn);
            } catch (RuntimeException fault) {
                log.atError().setCause(fault).log("The page for a refusal failed");
            }
        }
        return ErrorBody.of(refused);
    }

    private static Answer zipped(Seen seen, Answer answer) {
        boolean worth = answer.body().length() >= WORTH_ZIPPING
                && !answer.headers().containsKey("content-encoding")
                && answer.compressible()
                && seen.header("accept-encoding").orElse("").contains("gzip");
        return worth ? answer.zipped() : answer;
    }

    private Caller authenticate(Seen seen) {
        var presented = PresentedKey.in(name -> seen.header(name).orElse(null))
                .orElseThrow(() -> new CallRefused(
                        Refusal.INVALID_API_KEY, "No API key was sent. Send it as 'Authorization: Bearer sk-mg-…'."));
        var caller = callers.cached(presented);
        if (caller == null) {
            caller = load(presented).orElse(null);
        }
        if (caller == null
                || caller.expiresAt()
                        .filter(end -> !clock.instant().isBefore(end))
                        .isPresent()) {
            throw new CallRefused(
                    Refusal.INVALID_API_KEY,
                    "The API key is not valid: unknown, revoked or expired. Check it, or make a new one.");
        }
        return caller;
    }

    private Optional<Caller> load(String presented) {
        try {
            return callers.load(presented).toCompletableFuture().get(STORE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw new CallRefused(Refusal.OVERLOADED, "The API key cannot be checked just now. Try again in a second.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CallRefused(Refusal.OVERLOADED, "The gateway is stopping.");
        }
    }

    private static Seen seen(HttpServerRequest request) {
        var headers = new LinkedHashMap<String, String>();
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        // HTTP/2 names the host otherwise.
        var authority = request.authority();
        if (authority != null) {
            headers.put("host", authority.toString());
        }
        var cookies = new LinkedHashMap<String, String>();
        request.cookies().forEach(cookie -> cookies.put(cookie.getName(), cookie.getValue()));
        var address =
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
        return new Seen(
                request.method().name(),
                request.path() == null ? "/" : request.path(),
                request.query() == null ? "" : request.query(),
                headers,
                cookies,
                address == null ? "unknown" : address,
                request.isSSL());
    }

    private static Map<String, String> lastOfEach(MultiMap values) {
        var last = new LinkedHashMap<String, String>();
        values.forEach(last::put);
        return last;
    }

    private static void send(Context loop, RoutingContext call, Answer answer) {
        loop.runOnContext(_ -> write(call, answer));
    }

    /** Before a route was found, or while there is no place for another: on the event loop, except for what people see. */
    private void refuse(RoutingContext call, CallRefused refused) {
        var seen = seen(call.request());
        if (!seen.wantsPage() || !places.tryAcquire()) {
            write(call, ErrorBody.of(refused));
            return;
        }
        var loop = call.vertx().getOrCreateContext();
        try {
            threads.execute(() -> {
                try {
                    send(loop, call, zipped(seen, refusal(seen, refused, visitor(seen))));
                } finally {
                    places.release();
                }
            });
        } catch (java.util.concurrent.RejectedExecutionException _) {
            places.release();
            write(call, ErrorBody.of(refused));
        }
    }

    private static void write(RoutingContext call, Answer answer) {
        write(call.request().method(), call.response(), answer);
    }

    private static void write(HttpMethod method, HttpServerResponse response, Answer answer) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status()).putHeader("content-type", answer.contentType());
        answer.headers().forEach(response::putHeader);
        answer.cookies().forEach(cookie -> response.headers().add(Cookies.HEADER, cookie));
        if (method.equals(HttpMethod.HEAD)) {
            response.putHeader("content-length", Integer.toString(answer.body().length()));
            response.end();
        } else {
            response.end(answer.body());
        }
    }

    /** Several patterns may lead to one path: each adds what it allows. */
    private static void allow(RoutingContext call, Set<HttpMethod> methods) {
        var allowed = call.<String>get(ALLOWED);
        var more = methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
        call.put(ALLOWED, allowed == null ? more : allowed + ", " + more);
        call.next();
    }

    private void notRouted(RoutingContext call) {
        var allowed = call.<String>get(ALLOWED);
        if (allowed == null) {
            refuse(call, nothingThere(call));
            return;
        }
        call.response().putHeader("allow", allowed);
        refuse(call, wrongMethod(call, allowed));
    }

    private static CallRefused hostless() {
        return new CallRefused(
                Refusal.INVALID_REQUEST,
                "The request does not say which host it is for: over HTTP/2 it needs :authority.");
    }

    private static CallRefused nothingThere(RoutingContext call) {
        return new CallRefused(
                Refusal.NOT_FOUND,
                "Nothing is at " + call.request().method() + " "
                        + shortened(call.request().path())
                        + ". Models are called below /v1, such as POST /v1/chat/completions.");
    }

    private static CallRefused wrongMethod(RoutingContext call, String allowed) {
        return new CallRefused(
                Refusal.METHOD_NOT_ALLOWED,
                call.request().method() + " is not known at "
                        + shortened(call.request().path()) + ". Allowed: " + allowed + ".");
    }

    private static CallRefused tooLarge() {
        return new CallRefused(Refusal.REQUEST_TOO_LARGE, "The body may have up to " + LARGEST_BODY + " bytes here.");
    }

    private static CallRefused internal() {
        return new CallRefused(
                Refusal.INTERNAL_ERROR, "The gateway failed. Report it with the x-request-id of this answer.");
    }

    private static String shortened(@Nullable String path) {
        if (path == null) {
            return "that path";
        }
        return path.length() <= 100 ? path : path.substring(0, 100) + "…";
    }
}
