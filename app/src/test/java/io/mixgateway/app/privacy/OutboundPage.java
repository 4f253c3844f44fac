package io.mixgateway.app.privacy;

import io.mixgateway.app.catalog.Presets;
import io.mixgateway.relay.outlet.Outlet;
import java.util.TreeMap;

/** docs/outbound.md, made from the code. */
final class OutboundPage {
    private OutboundPage() {}

    static String page() {
        var page = new StringBuilder("""
                # What MixGateway talks to

                Every connection that the program opens goes through one of these ways out (`relay.outlet.Outlet`); a test refuses
                any other. There is no telemetry, no update check, and no host that you did not configure. `mixgateway privacy
                outbound` prints the same list with the hosts of your own configuration. Made from the code; do not edit.

                | way out | to whom | when | what goes out | how to keep it shut |
                |---|---|---|---|---|
                """);
        for (Outlet outlet : Outlet.values()) {
            page.append("| `%s` | %s | %s | %s | %s |%n"
                    .formatted(outlet.id(), outlet.hosts(), outlet.when(), outlet.what(), outlet.off()));
        }
        page.append("""

                ## Hosts of the presets

                A preset is called only when you configure its provider, or when the variable of its key is set and
                `discovery.environment-keys` is on. Those on this machine need no key and are called only when configured, or found.

                | preset | host |
                |---|---|
                """);
        new TreeMap<>(Presets.bundled().presets())
                .forEach((name, preset) -> page.append(
                        "| `%s` | `%s` |%n".formatted(name, preset.baseUrl().getAuthority())));
        return page.toString();
    }
}
