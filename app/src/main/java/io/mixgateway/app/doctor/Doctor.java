package io.mixgateway.app.doctor;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.OpenStore;
import io.mixgateway.app.catalog.Configuration;
import io.mixgateway.app.catalog.PlannedProvider;
import io.mixgateway.app.config.ConfigException;
import io.mixgateway.platform.store.StartRefused;
import io.mixgateway.relay.catalog.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Looks at the machine, the configuration, the database, the clock and the providers, whether a gateway runs or not. */
public final class Doctor {
    /** HTTP dates have whole seconds, and a call takes a while. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    private final GatewayOptions options;
    private final Clock clock;

    public Doctor(GatewayOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
    }

    /** Everything that was looked at, well or not. Takes some seconds when something does not answer. */
    public List<Finding> look() throws InterruptedException {
        var findings = new ArrayList<Finding>();
        findings.add(MachineCheck.java());
        findings.add(MachineCheck.folder(options.data()));
        findings.add(MachineCheck.disk(options.data()));
        var configuration = configuration(findings);
        configuration.ifPresent(known -> findings.add(port(known)));
        findings.add(database());
        if (configuration.isPresent()) {
            findings.addAll(network(configuration.get().plan().providers().stream()
                    .map(PlannedProvider::provider)
                    .toList()));
        }
        return findings;
    }

    private Optional<Configuration> configuration(List<Finding> findings) {
        try {
            var configuration = Configuration.load(options.config(), options.environment());
            findings.add(Finding.ok(
                    "configuration",
                    options.config().map(Object::toString).orElse("no file: defaults and environment")));
            return Optional.of(configuration);
        } catch (ConfigException wrong) {
            findings.add(Finding.fail(
                    "configuration",
                    wrong.problems().stream().map(Object::toString).collect(Collectors.joining("; ")),
                    "Fix what is named; config check shows it line by line."));
            return Optional.empty();
        }
    }

    private Finding port(Configuration configuration) {
        var server = configuration.settings().server();
        return MachineCheck.port(
                options.host().orElse(server.host()), options.port().orElse(server.port()));
    }

    private Finding database() {
        try (var store = OpenStore.forCommand(options)) {
            var where =
                    store.embedded().isEmpty() ? "external, " + store.database().url() : "embedded";
            return Finding.ok("database", "PostgreSQL " + store.database().version() + ", " + where);
        } catch (StartRefused refused) {
            return Finding.fail("database", "cannot be used", String.valueOf(refused.getMessage()));
        }
    }

    private List<Finding> network(Collection<Provider> all) throws InterruptedException {
        var seen = new ArrayList<Reach.Seen>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Reach.Seen>> looks = all.stream()
                    .<Callable<Reach.Seen>>map(provider -> () -> Reach.provider(provider, clock))
                    .toList();
            for (Future<Reach.Seen> look : threads.invokeAll(looks)) {
                seen.add(look.get());
            }
        } catch (ExecutionException fault) {
            throw new IllegalStateException(fault);
        }
        var findings = new ArrayList<Finding>();
        findings.add(clock(seen));
        seen.forEach(one -> findings.add(one.finding()));
        return findings;
    }

    /** Our clock against the median of those that told the time: one provider with a wrong clock is not our fault. */
    private static Finding clock(List<Reach.Seen> seen) {
        var skews = seen.stream().flatMap(one -> one.skew().stream()).sorted().toList();
        if (skews.isEmpty()) {
            return Finding.ok("clock", "nobody to compare with: no provider told the time");
        }
        var median = skews.get(skews.size() / 2);
        if (median.abs().compareTo(CLOCK_TOLERANCE) <= 0) {
            return Finding.ok("clock", "agrees with the providers'");
        }
        return Finding.warn(
                "clock",
                "is " + median.abs().toSeconds() + " s " + (median.isNegative() ? "ahead of" : "behind")
                        + " the providers'",
                "Set it by NTP: receipts, expiries and signatures depend on it.");
    }
}
