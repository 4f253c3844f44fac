package io.mixgateway.app.doctor;

import io.mixgateway.relay.catalog.Provider;
import io.mixgateway.relay.outlet.Outlet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What can be reached over the network. Asks with HEAD and without a credential, so nothing is called or paid for. */
final class Reach {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Reach() {}

    /**
     * What connecting to a provider came to.
     *
     * @param skew how far its clock is ahead of ours, where it told the time
     */
    record Seen(Finding finding, Optional<Duration> skew) {}

    static Seen provider(Provider provider, Clock clock) {
        var what = "provider " + provider.name();
        var url = provider.baseUrl();
        if (provider.dialect().equals("sandbox")) {
            return new Seen(Finding.ok(what, "built in"), Optional.empty());
        }
        try (var client = Outlet.PROVIDER_REACH.http(PATIENCE)) {
            var begun = clock.instant();
            var answer = client.send(
                    HttpRequest.newBuilder(url)
                            .method("HEAD", HttpRequest.BodyPublishers.noBody())
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            var ours = begun.plus(Duration.between(begun, clock.instant()).dividedBy(2));
            return new Seen(Finding.ok(what, host(url) + " answers"), skew(answer, ours));
        } catch (IOException | IllegalArgumentException failed) {
            return new Seen(
                    Finding.warn(
                            what,
                            host(url) + " does not answer (" + failed.getClass().getSimpleName() + ")",
                            "Check providers." + provider.name() + ".base-url, the network and a proxy in between."),
                    Optional.empty());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Seen(Finding.warn(what, "not asked", "Run doctor again."), Optional.empty());
        }
    }

    /** Whether a MixGateway answers there. */
    static boolean isGateway(String host, int port) {
        var address = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        try (var client = Outlet.OWN_PORT.http(PATIENCE)) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + "/livez"))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("\"alive\"");
        } catch (IOException | IllegalArgumentException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Scheme, host and port: a path or a query could hold a secret. */
    private static String host(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private static Optional<Duration> skew(HttpResponse<?> answer, Instant ours) {
        try {
            return answer.headers()
                    .firstValue("date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .map(theirs -> Duration.between(ours, theirs));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
