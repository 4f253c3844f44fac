package io.mixgateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.accounts.PersonId;
import io.mixgateway.platform.signin.Role;
import io.mixgateway.platform.signin.SessionId;
import io.mixgateway.platform.signin.SignedIn;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.port.Callers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every permission asked of every role, and of nobody. */
class PermissionsIT {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Route> routes = new ArrayList<>();
    private ServedRoutes served;

    @BeforeEach
    void start() throws Exception {
        for (Permission permission : Permission.values()) {
            routes.add(Route.get(path(permission), permission, _ -> Answer.json(Map.of())));
            routes.add(Route.post(path(permission), permission, _ -> Answer.json(Map.of())));
        }
        served = new ServedRoutes(new NoKeys(), routes, new RoleInCookie());
    }

    @AfterEach
    void stop() throws Exception {
        served.stop();
    }

    @Test
    void aRouteIsAnsweredToTheRolesOfItsPermissionOnly() throws Exception {
        for (Route route : routes) {
            var permission = route.permission();
            boolean open = !permission.needsPerson() && permission != Permission.API_KEY;
            for (Role role : Role.values()) {
                var expected = permission == Permission.API_KEY ? 401 : open || permission.isOf(role) ? 200 : 403;

                assertThat(ask(route, Optional.of(role), true))
                        .as("%s as %s", route, role)
                        .isEqualTo(expected);
            }
            assertThat(ask(route, Optional.empty(), true))
                    .as("%s as nobody", route)
                    .isEqualTo(open ? 200 : 401);
        }
    }

    @Test
    void whatChangesSomethingIsTakenFromThisSiteOnly() throws Exception {
        for (Route route : routes) {
            if (route.changes() && route.permission() != Permission.API_KEY) {
                assertThat(ask(route, Optional.of(Role.OWNER), false))
                        .as("%s", route)
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void whoIsRefusedKeepsTheirMenuAndGetsTheirNewToken() throws Exception {
        for (String path : List.of(path(Permission.MANAGE_KEYS), "/nothing")) {
            var request = HttpRequest.newBuilder(URI.create(served.origin() + path))
                    .header("accept", "text/html")
                    .header("cookie", "role=" + Role.VIEWER);
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(path).isIn(403, 404);
            assertThat(answer.body()).as(path).isEqualTo("no to ada@example.org");
            assertThat(answer.headers().firstValue("x-let-out")).as(path).hasValue("ada@example.org");
        }
    }

    @Test
    void whoMayManageKeysIsNotWhoeverMayLook() {
        assertThat(Arrays.stream(Role.values()).filter(Permission.MANAGE_KEYS::isOf))
                .containsExactly(Role.OWNER, Role.ADMIN, Role.DEVELOPER);
        assertThat(Arrays.stream(Role.values()).filter(Permission.VIEW_ACCOUNT::isOf))
                .containsExactly(Role.values());
    }

    private int ask(Route route, Optional<Role> role, boolean fromHere) throws Exception {
        var site = served.origin();
        var request = HttpRequest.newBuilder(URI.create(site + route.path()))
                .method(route.method().name(), HttpRequest.BodyPublishers.noBody())
                .header("origin", fromHere ? site : "http://127.0.0.1:1");
        role.ifPresent(some -> request.header("cookie", "role=" + some.name()));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private static String path(Permission permission) {
        return "/" + permission.name().toLowerCase(Locale.ROOT);
    }

    private static final class RoleInCookie implements Door {
        @Override
        public Optional<SignedIn> who(Seen seen) {
            return seen.cookie("role")
                    .map(role -> new SignedIn(
                            new SessionId("ses-1"),
                            new PersonId("usr-1"),
                            "ada@example.org",
                            new AccountId("acc-1"),
                            Role.valueOf(role),
                            Optional.empty()));
        }

        @Override
        public Answer turnAway(Seen seen) {
            return Answer.json(401, Map.of());
        }

        @Override
        public Answer letOut(SignedIn signedIn, Answer answer) {
            return answer.withHeader("x-let-out", signedIn.email());
        }
    }

    private static final class NoKeys implements Callers {
        @Override
        public @Nullable Caller cached(String presentedKey) {
            return null;
        }

        @Override
        public CompletionStage<Optional<Caller>> load(String presentedKey) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }
}
