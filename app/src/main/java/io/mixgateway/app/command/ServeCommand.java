package io.mixgateway.app.command;

import io.mixgateway.app.FirstRun;
import io.mixgateway.app.Gateway;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: runs the gateway until Ctrl-C or SIGTERM, then lets what runs finish. */
@Command(
        name = "serve",
        description = "Runs the gateway in the foreground until Ctrl-C, then lets running calls finish.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", description = "The port to listen on; 0 takes a free one.")
    private @Nullable Integer port;

    @Option(names = "--host", paramLabel = "H", description = "The address to listen on; 0.0.0.0 for all.")
    private @Nullable String host;

    @Override
    public Integer call() throws InterruptedException {
        var root = (MixGateway) java.util.Objects.requireNonNull(spec).root().userObject();
        var options = root.options().listeningOn(Optional.ofNullable(port), Optional.ofNullable(host));
        var signals = Signals.listen();
        try (var gateway = Gateway.start(options)) {
            announce(gateway, options.data(), root.output());
            signals.onHangUp(gateway::reload);
            gateway.broken().thenAccept(signals::fault);
            signals.await();
            gateway.drain();
        }
        return signals.fault().isEmpty() ? MixGateway.DONE : MixGateway.REFUSED;
    }

    private static void announce(Gateway gateway, Path data, Output output) {
        var document = new LinkedHashMap<String, Object>();
        document.put("base_url", gateway.baseUrl());
        document.put("port", gateway.port());
        document.put("first_start", gateway.firstRun().isPresent());
        output.say(document, lines(gateway, data));
    }

    private static String lines(Gateway gateway, Path data) {
        var lines = new StringBuilder("\nMixGateway is ready.  Ctrl-C stops it.\n\n");
        line(lines, "Base URL", gateway.baseUrl());
        gateway.firstRun().ifPresent(first -> way(lines, first, data));
        return lines.toString();
    }

    /** The way in is shown to a person. Where output is kept (a service's log), it stays in the file alone. */
    private static void way(StringBuilder lines, FirstRun first, Path data) {
        if (!Boolean.getBoolean("mixgateway.person")) {
            line(lines, "API key", "in " + data.resolve("first-run.json"));
            return;
        }
        line(lines, "API key", first.apiKey().reveal());
        line(lines, "Set-up", first.setupUrl().reveal());
        lines.append("\nBoth are in ").append(data.resolve("first-run.json")).append(" too. A first call:\n\n");
        lines.append("  curl ").append(first.baseUrl()).append("/chat/completions \\\n");
        lines.append("    -H 'Authorization: Bearer ")
                .append(first.apiKey().reveal())
                .append("' \\\n");
        lines.append("    -H 'Content-Type: application/json' \\\n");
        lines.append(
                "    -d '{\"model\": \"sandbox:echo\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'\n");
    }

    private static void line(StringBuilder lines, String name, String value) {
        lines.append("  ")
                .append(name)
                .repeat(' ', 11 - name.length())
                .append(value)
                .append('\n');
    }
}
