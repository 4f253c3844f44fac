package io.mixgateway.app;

import io.mixgateway.app.catalog.Configuration;
import io.mixgateway.app.logging.LogSetup;
import io.mixgateway.app.reload.ConfigWatch;
import io.mixgateway.platform.accounts.Accounts;
import io.mixgateway.platform.accounts.Setup;
import io.mixgateway.platform.credit.CreditMeters;
import io.mixgateway.platform.credit.CreditSettings;
import io.mixgateway.platform.credit.LeasedCredit;
import io.mixgateway.platform.idempotency.IdempotencyKeys;
import io.mixgateway.platform.idempotency.IdempotencyTerms;
import io.mixgateway.platform.journal.Journal;
import io.mixgateway.platform.keys.ApiKeys;
import io.mixgateway.platform.keys.CachedCallers;
import io.mixgateway.platform.keys.KeyDigests;
import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.ledger.Statement;
import io.mixgateway.platform.ledger.Vouchers;
import io.mixgateway.platform.pricing.PriceBook;
import io.mixgateway.platform.pricing.PriceImports;
import io.mixgateway.platform.privacy.DailyRetention;
import io.mixgateway.platform.privacy.RetentionJob;
import io.mixgateway.platform.reconcile.NightlyReconciliation;
import io.mixgateway.platform.reconcile.Reconciliation;
import io.mixgateway.platform.signin.Passwords;
import io.mixgateway.platform.signin.Sessions;
import io.mixgateway.platform.signin.SignIn;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.DatabaseMeters;
import io.mixgateway.platform.usage.Generations;
import io.mixgateway.platform.usage.KeyUsage;
import io.mixgateway.platform.usage.UsageSums;
import io.mixgateway.relay.http.Relay;
import io.mixgateway.relay.meter.TokenCounter;
import io.mixgateway.relay.sandbox.SandboxUpstream;
import io.mixgateway.web.Route;
import io.mixgateway.web.WebRoutes;
import io.mixgateway.web.api.ManagementApi;
import io.mixgateway.web.api.StatementApi;
import io.mixgateway.web.api.VoucherApi;
import io.mixgateway.web.dashboard.Dashboard;
import io.mixgateway.web.legal.LegalPages;
import io.mixgateway.web.legal.Versions;
import io.mixgateway.web.operations.Operations;
import io.mixgateway.web.page.Site;
import io.mixgateway.web.session.SecurityPage;
import io.mixgateway.web.session.SessionDoor;
import io.mixgateway.web.session.SignInPages;
import io.mixgateway.web.site.Documents;
import io.mixgateway.web.site.Gallery;
import io.mixgateway.web.site.Landing;
import io.mixgateway.web.site.ModelPages;
import io.mixgateway.web.site.SampleCall;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway. The constructor builds everything it consists of, by hand and in order: read it from top to bottom
 * to learn what there is and what knows what.
 */
public final class Gateway implements AutoCloseable {
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(25);
    private static final int JOURNAL_SEGMENT = 64 << 20;
    private static final Duration JOURNAL_SYNC = Duration.ofMillis(10);
    private static final String OWNER_EMAIL = "owner@localhost";

    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Opened opened;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final CompletableFuture<String> broken = new CompletableFuture<>();
    private final ConfigWatch watch;
    private final List<Route> routes;
    private final ListeningServer server;
    private final String site;
    private final Optional<FirstRun> firstRun;

    private Gateway(GatewayOptions options, Opened opened) {
        this.opened = opened;
        var clock = Clock.systemUTC();

        // These take as long to load as half of the rest, so it begins beside them.
        Thread.ofPlatform().daemon().name("statements").start(Database::warmUp);
        Thread.ofPlatform().daemon().name("token-vocabulary").start(TokenCounter::warmUp);

        // What is to be done, and where.
        var configuration = Configuration.load(options.config(), options.environment());
        var settings = configuration.settings();
        LogSetup.use(settings.log().format());
        configuration.warnings().forEach(warning -> log.warn("Configuration: {}", warning));
        var listening = Listening.of(settings.server(), options);
        listening.refuseTakenPort();

        // What the rest stands on.
        var loops = opened.add("event loops", new EventLoops());
        var store = opened.add("store", OpenStore.forServing(options));
        store.embedded().ifPresent(postgres -> postgres.ended().thenRun(() -> broke("PostgreSQL has ended")));
        var database = store.database();
        var meters = opened.add("meters", Meters.open());

        // The control plane: who calls, what it costs, who pays.
        var digests = KeyDigests.load(database, options.masterKey());
        var keys = new ApiKeys(database, digests, clock);
        var ledger = new Ledger(database, clock);
        var setup = new Setup(database, clock);
        var sessions = new Sessions(database, clock);
        var signIn = new SignIn(database, setup, sessions, new Passwords(), clock);
        var callers = opened.add("callers", CachedCallers.start(database, digests, clock));
        var journal = opened.add(
                "journal", Journal.open(store.folder().path().resolve("journal"), JOURNAL_SEGMENT, JOURNAL_SYNC));
        var credit = opened.add("credit", LeasedCredit.open(database, journal, clock, CreditSettings.DEFAULTS));
        var book = new PriceBook(database, clock);
        var prices = new BookedPrices(book);
        var imports = new PriceImports(database);
        this.watch = opened.add(
                "configuration",
                ConfigWatch.start(
                        watched(options),
                        options.environment(),
                        configuration,
                        prices,
                        () -> imports.inForce(clock.instant()),
                        _ -> {}));

        new CreditMeters(credit, journal).bindTo(meters.registry());
        new DatabaseMeters(database).bindTo(meters.registry());

        // Behind credit, which has booked by now what an earlier process left in the journal.
        var idempotency = opened.add(
                "idempotency",
                IdempotencyKeys.open(
                        database,
                        digests,
                        journal.node(),
                        clock,
                        () -> IdempotencyTerms.of(
                                watch.settings().idempotency().keep(),
                                watch.limits().total())));
        opened.add(
                "retention",
                DailyRetention.start(
                        new RetentionJob(database, settings.retention().toTimes(), clock), clock));

        opened.add("reconciliation", NightlyReconciliation.start(new Reconciliation(database), clock));

        // The data plane.
        var sandbox = new SandboxUpstream(clock);
        var relay = new Relay(
                callers,
                credit,
                idempotency,
                watch::catalog,
                Map.of("sandbox", sandbox),
                watch::limits,
                meters.registry(),
                clock);

        // What is answered beside it.
        var here = new AtomicReference<>("");
        var management = new ManagementApi(
                new Generations(database),
                book,
                ledger,
                keys,
                caller -> KeyUsage.of(database, caller.account(), caller.key(), clock.instant()));
        var operations = new Operations(
                Probes.of(started::get, database, credit, journal, watch), draining::get, meters::scrape, clock);
        var pages = new Site(here::get);
        this.routes = Stream.of(
                        management.routes(),
                        new StatementApi(new Statement(database), clock).routes(),
                        new VoucherApi(new Vouchers(database, digests, clock), ledger).routes(),
                        operations.routes(),
                        pages.routes(),
                        new LegalPages(
                                        pages,
                                        Versions.bundled(),
                                        settings.operator().toOperator(),
                                        settings.retention().toTimes())
                                .routes(),
                        new Landing(pages, new SampleCall(loops.vertx(), sandbox, watch::catalog), watch::catalog)
                                .routes(),
                        new ModelPages(pages, watch::catalog).routes(),
                        new Documents(pages).routes(),
                        new Gallery(pages).routes(),
                        new SignInPages(pages, signIn, sessions, keys).routes(),
                        new SecurityPage(pages, signIn, sessions, keys).routes(),
                        new Dashboard(
                                        pages,
                                        ledger,
                                        new Generations(database),
                                        book,
                                        keys,
                                        sessions,
                                        watch::catalog,
                                        (account, span) -> UsageSums.of(database, account, span, clock.instant()),
                                        clock)
                                .routes())
                .flatMap(List::stream)
                .toList();
        var web = opened.add(
                "pages",
                new WebRoutes(loops.vertx(), callers, clock, routes, new SessionDoor(sessions), pages::refused));

        // From here on it answers.
        this.server = opened.add("server", listening.start(loops.vertx(), relay, web));
        this.site = server.site();
        here.set(site);
        var first = new FirstSteps(new Accounts(database, clock), keys, ledger, setup);
        this.firstRun = first.take(site, options.environment().getOrDefault("MIXGATEWAY_ADMIN_EMAIL", OWNER_EMAIL));
        firstRun.ifPresent(way -> way.write(store.folder().path()));
        started.set(true);
        log.atInfo().addKeyValue("models", watch.catalog().endpoints().size()).log("Ready on {}", site);
    }

    /**
     * Starts a gateway; it answers when this returns.
     *
     * @throws io.mixgateway.platform.store.StartRefused when it cannot, with what to do
     * @throws io.mixgateway.app.config.ConfigException when the configuration cannot be used, with all that is wrong
     */
    public static Gateway start(GatewayOptions options) {
        var opened = new Opened();
        try {
            return new Gateway(options, opened);
        } catch (RuntimeException | Error fault) {
            opened.close();
            throw fault;
        }
    }

    /** The file that is followed while running: also one that is not there yet. */
    private static Optional<Path> watched(GatewayOptions options) {
        return options.config().or(() -> Optional.of(options.data().resolve("mixgateway.yaml")));
    }

    /** All that is answered beside the inference surfaces. */
    public List<Route> routes() {
        return routes;
    }

    public int port() {
        return server.port();
    }

    /** What an SDK is told, such as {@code http://127.0.0.1:8080/v1}. */
    public String baseUrl() {
        return site + "/v1";
    }

    /** The way in, when this was the first start on these data. */
    public Optional<FirstRun> firstRun() {
        return firstRun;
    }

    /** Completes, with one sentence, when something that the gateway cannot do without has ended by itself. */
    public CompletionStage<String> broken() {
        return broken.copy();
    }

    /** What ends because we end it is no fault. */
    private void broke(String sentence) {
        if (!draining.get()) {
            broken.complete(sentence);
        }
    }

    /** Reads the configuration again at once. Returns before it is done. */
    public void reload() {
        watch.reload();
    }

    /** Says that it is not ready any more and waits until no call runs, or for 25 seconds. Then {@link #close} it. */
    public void drain() {
        if (draining.compareAndSet(false, true)) {
            log.info("Stopping: waiting for {} calls to finish", server.calls());
            server.drain(DRAIN_LIMIT);
        }
    }

    /** Ends everything in the opposite order of its start. Calls that still run are cut off and settled. */
    @Override
    public void close() {
        draining.set(true);
        opened.close();
        log.info("Stopped");
    }
}
