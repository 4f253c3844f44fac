package io.mixgateway.app;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.catalog.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a gateway keeps its data and what it is told from outside.
 *
 * @param data the folder for everything that is kept
 * @param config the configuration file, if there is one
 * @param databaseUrl an external PostgreSQL; without one, an embedded one in the data folder
 * @param port above the configuration's; 0 takes a free one
 * @param host above the configuration's
 * @param environment for references and overrides in the configuration; may hold secrets
 */
public record GatewayOptions(
        Path data,
        Optional<Path> config,
        Optional<String> databaseUrl,
        Optional<Integer> port,
        Optional<String> host,
        Map<String, String> environment) {
    public GatewayOptions {
        requireNonNull(data, "data");
        requireNonNull(config, "config");
        requireNonNull(databaseUrl, "databaseUrl");
        requireNonNull(port, "port");
        requireNonNull(host, "host");
        environment = Map.copyOf(environment);
    }

    /** A gateway with all its data in one folder and nothing said about it. */
    public static GatewayOptions in(Path data) {
        return new GatewayOptions(
                data, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    }

    /** The same, told of a port and a host, where they are given. */
    public GatewayOptions listeningOn(Optional<Integer> otherPort, Optional<String> otherHost) {
        return new GatewayOptions(
                data, config, databaseUrl, otherPort.or(() -> port), otherHost.or(() -> host), environment);
    }

    /** The operator's secret outside of the database, if one is used: {@code MIXGATEWAY_MASTER_KEY}. */
    public Optional<Secret> masterKey() {
        return Optional.ofNullable(environment.get("MIXGATEWAY_MASTER_KEY"))
                .filter(key -> !key.isEmpty())
                .map(Secret::new);
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "GatewayOptions[data=" + data + ", config=" + config + ", port=" + port + ", host=" + host + "]";
    }
}
