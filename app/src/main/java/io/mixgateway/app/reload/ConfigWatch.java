package io.mixgateway.app.reload;

import static java.util.Objects.requireNonNull;

import io.mixgateway.app.catalog.CatalogAssembly;
import io.mixgateway.app.catalog.CatalogPlan;
import io.mixgateway.app.catalog.Configuration;
import io.mixgateway.app.catalog.Found;
import io.mixgateway.app.catalog.OllamaProbe;
import io.mixgateway.app.catalog.Presets;
import io.mixgateway.app.catalog.PriceVersions;
import io.mixgateway.app.config.ConfigException;
import io.mixgateway.app.config.Problem;
import io.mixgateway.app.config.Settings;
import io.mixgateway.platform.pricing.PriceImports;
import io.mixgateway.relay.catalog.Catalog;
import io.mixgateway.relay.http.Limits;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in force, and the watch over its file. Looks twice a second and takes up a change once the file has
 * stood still between two looks, so that a half-written one is not judged. Also looks for an Ollama, every half minute.
 *
 * <p>Reading what is in force never blocks; all else happens on one thread of its own.
 */
public final class ConfigWatch implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PRICES = Duration.ofSeconds(2);
    private static final Duration PROBE = Duration.ofSeconds(30);
    /** An Ollama that loads a model may miss a probe; its models stay for so many. */
    private static final int MISSES_ALLOWED = 2;

    private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);

    private final Optional<Path> file;
    private final Map<String, String> environment;
    private final PriceVersions versions;
    private final Function<URI, List<String>> ollama;
    private final Supplier<Map<String, PriceImports.Imported>> imports;
    private final Consumer<Reload> told;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("config-watch").factory());

    private volatile InForce inForce;
    private volatile Optional<Reload.Refused> refusal = Optional.empty();

    // Below: only on the watch's own thread.
    private boolean hadFile;
    private Fingerprint applied = Fingerprint.NEVER_SEEN;
    private Fingerprint refused = Fingerprint.NEVER_SEEN;
    private Fingerprint lastSeen = Fingerprint.NEVER_SEEN;
    private Found found;
    private int ollamaMisses;
    private final Set<Part> failing = EnumSet.noneOf(Part.class);

    /** What is tried again and again, and may meet a database that is away; with what is said when that begins. */
    private enum Part {
        FILE("The configuration changed and cannot be put in force now"),
        PRICES("Imported prices cannot be looked for now; those in force stay"),
        OLLAMA("What Ollama serves cannot be put in force now");

        private final String fails;

        Part(String fails) {
            this.fails = fails;
        }
    }

    private record InForce(Configuration configuration, Catalog catalog, Limits limits) {}

    ConfigWatch(
            Optional<Path> file,
            Map<String, String> environment,
            Configuration first,
            PriceVersions versions,
            Function<URI, List<String>> ollama,
            Supplier<Map<String, PriceImports.Imported>> imports,
            Consumer<Reload> told) {
        this.imports = requireNonNull(imports, "imports");
        this.file = requireNonNull(file, "file");
        this.environment = Map.copyOf(environment);
        this.versions = requireNonNull(versions, "versions");
        this.ollama = requireNonNull(ollama, "ollama");
        this.told = requireNonNull(told, "told");
        this.hadFile = file.isPresent() && Files.exists(file.get());
        this.found = Found.NOTHING.withPrices(imports.get());
        var whole = found.prices().isEmpty() ? first : load(hadFile);
        this.inForce = inForce(whole, CatalogAssembly.assemble(whole.plan(), versions));
    }

    /**
     * Puts {@code first} in force and begins to watch. Blocks as long as {@code versions} does.
     *
     * @param file the file to watch, which may appear later
     * @param imports what price imports have in force now; may block
     * @param told of each change, on the watch's thread
     */
    public static ConfigWatch start(
            Optional<Path> file,
            Map<String, String> environment,
            Configuration first,
            PriceVersions versions,
            Supplier<Map<String, PriceImports.Imported>> imports,
            Consumer<Reload> told) {
        var watch = new ConfigWatch(file, environment, first, versions, OllamaProbe::models, imports, told);
        watch.schedule();
        return watch;
    }

    private void schedule() {
        var _ = thread.scheduleWithFixedDelay(
                guarded(Part.FILE, () -> look(false)), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        var _ = thread.scheduleWithFixedDelay(
                guarded(Part.PRICES, this::lookForPrices), 0, PRICES.toMillis(), TimeUnit.MILLISECONDS);
        var _ = thread.scheduleWithFixedDelay(
                guarded(Part.OLLAMA, this::lookForOllama), 0, PROBE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What can be called just now. */
    public Catalog catalog() {
        return inForce.catalog();
    }

    /** The bounds for a call that begins now. */
    public Limits limits() {
        return inForce.limits();
    }

    /** The settings in force; those that need a restart may not have taken effect. */
    public Settings settings() {
        return inForce.configuration().settings();
    }

    /** Why the file as it stands is not in force, if it is not. */
    public Optional<Reload.Refused> refusal() {
        return refusal;
    }

    /** Looks at once and says again what is wrong, as a SIGHUP asks for. Returns before it is done. */
    public void reload() {
        thread.execute(guarded(Part.FILE, () -> look(true)));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    void look(boolean now) {
        if (file.isEmpty()) {
            return;
        }
        var seen = Fingerprint.of(file.get());
        boolean stoodStill = seen.equals(lastSeen);
        lastSeen = seen;
        boolean news = !seen.equals(applied) && !seen.equals(refused);
        if (now || (stoodStill && news)) {
            take(seen);
        }
        if (!news) {
            failing.remove(Part.FILE); // as it was before the change that could not be put in force
        }
    }

    private void take(Fingerprint seen) {
        try {
            if (seen.isAbsent() && hadFile) {
                refuse(seen, "the file is gone");
                return;
            }
            hadFile = !seen.isAbsent();
            var next = load(hadFile);
            // More likely an accident, such as a full disk, than the wish to be without any setting.
            if (seen.isEmpty() && !next.settings().equals(settings())) {
                refuse(seen, "the file is empty (expected: settings, or {} for none)");
                return;
            }
            putInForce(next);
            applied = seen;
            refused = Fingerprint.NEVER_SEEN;
        } catch (ConfigException wrong) {
            refuse(seen, wrong.source(), wrong.problems());
        }
        failing.remove(Part.FILE);
    }

    private Configuration load(boolean withFile) {
        return Configuration.load(withFile ? file : Optional.empty(), environment, Presets.bundled(), found);
    }

    private void refuse(Fingerprint seen, String why) {
        refuse(seen, file.orElseThrow().toString(), List.of(new Problem("", OptionalInt.empty(), why)));
    }

    private void refuse(Fingerprint seen, String source, List<Problem> problems) {
        refused = seen;
        applied = Fingerprint.NEVER_SEEN;
        var outcome = new Reload.Refused(source, problems);
        refusal = Optional.of(outcome);
        log.error("The configuration as it was stays in force. {}", new ConfigException(source, problems).getMessage());
        told.accept(outcome);
    }

    /** Does nothing where nothing changed; keeps what is in force when prices cannot be recorded just now. */
    private void putInForce(Configuration next) {
        var before = inForce.configuration();
        if (next.settings().equals(before.settings()) && next.plan().equals(before.plan())) {
            refusal = Optional.empty();
            return;
        }
        // Prices first: they may be refused by a database that is away, and then nothing may have changed.
        var catalog =
                next.plan().equals(before.plan()) ? inForce.catalog() : CatalogAssembly.assemble(next.plan(), versions);
        inForce = inForce(next, catalog);
        refusal = Optional.empty();
        var changed = before.settings().changesTo(next.settings());
        var needRestart = changed.stream().filter(Settings::needsRestart).toList();
        if (!changed.isEmpty()) {
            log.info("The configuration changed and is in force: {}", String.join(", ", changed));
            next.warnings().forEach(warning -> log.warn("Configuration: {}", warning));
        }
        if (!needRestart.isEmpty()) {
            log.warn("These settings take effect with a restart only: {}", String.join(", ", needRestart));
        }
        told.accept(new Reload.Applied(changed, needRestart));
    }

    private static InForce inForce(Configuration configuration, Catalog catalog) {
        return new InForce(
                configuration, catalog, configuration.settings().limits().toLimits());
    }

    /** A price file was imported, or the time came from which one holds. */
    void lookForPrices() {
        var inForceNow = imports.get();
        if (!inForceNow.equals(found.prices())) {
            takeUp(found.withPrices(inForceNow));
            log.info("{} imported prices are in force", inForceNow.size());
        }
        if (failing.remove(Part.PRICES)) {
            log.info("Imported prices can be looked for again");
        }
    }

    void lookForOllama() {
        var models = CatalogPlan.ollamaAddress(settings()).map(ollama).orElse(List.of());
        if (models.isEmpty() && !found.ollamaModels().isEmpty() && ++ollamaMisses <= MISSES_ALLOWED) {
            return;
        }
        ollamaMisses = 0;
        if (!models.equals(found.ollamaModels())) {
            takeUp(found.withOllama(models));
            log.info("Ollama serves {} models", models.size());
        }
        failing.remove(Part.OLLAMA);
    }

    private void takeUp(Found next) {
        var before = found;
        found = next;
        boolean taken = false;
        try {
            putInForce(load(hadFile));
            taken = true;
        } catch (ConfigException _) {
            // The file is broken, and look() says so. The mended one brings this in.
            taken = true;
        } finally {
            if (!taken) {
                found = before;
            }
        }
    }

    /** A failure here must not end the watch; what met one is tried again at the next look, and told of once until it is well. */
    private Runnable guarded(Part part, Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException failed) {
                if (!failing.add(part)) {
                    return;
                }
                if (failed instanceof DataAccessException) {
                    log.warn("{}, as the database does not answer; trying again: {}", part.fails, cause(failed));
                } else {
                    log.error("{}; trying again", part.fails, failed);
                }
                if (part == Part.FILE) {
                    told.accept(new Reload.Postponed(failed.getClass().getSimpleName()));
                }
            }
        };
    }

    /** jOOQ's own words repeat the statement; what the driver says is what went wrong. */
    private static String cause(Throwable failed) {
        return String.valueOf(
                failed.getCause() == null
                        ? failed.getMessage()
                        : failed.getCause().getMessage());
    }
}
