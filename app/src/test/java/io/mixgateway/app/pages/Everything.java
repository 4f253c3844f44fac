package io.mixgateway.app.pages;

import io.mixgateway.app.GatewayUnderTest;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import java.util.List;

/** The addresses of all pages, taken from the routes themselves, so that none is forgotten. */
final class Everything {
    private Everything() {}

    /** Every page in that language, with something real in the place of variables. */
    static List<String> pages(GatewayUnderTest gateway, String language, String generation, String key) {
        return gateway.gateway().routes().stream()
                .filter(route -> !route.changes() && route.path().matches("/" + language + "(/.*)?"))
                .filter(route -> route.permission() != Permission.SECRET_IN_PATH)
                .map(Route::path)
                .filter(path -> !path.endsWith("/live"))
                .map(path -> path.replace("/generations/:id", "/generations/" + generation)
                        .replace("/keys/:id", "/keys/" + key)
                        .replace("/models/:name", "/models/sandbox:echo"))
                .peek(path -> {
                    if (path.contains(":") && !path.contains("sandbox:")) {
                        throw new IllegalStateException(path + ": say in Everything what stands for its variable");
                    }
                })
                .distinct()
                .toList();
    }
}
