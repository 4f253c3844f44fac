package io.mixgateway.platform.credit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.journal.Journal;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.DatabaseUrl;
import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.catalog.Secret;
import io.mixgateway.relay.port.Credit.Held;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed with kill -9 in the middle of its settlements. */
class KillIT {
    private static final int CYCLES = Integer.getInteger("kills", 3);
    private static final int THREADS = 4;
    private static final long COST = 7;

    @TempDir
    Path dir;

    // FAILURES 45, 48: what was told as ended is charged once; what was not is charged at most once; nothing stays
    // held.
    @Test
    void chargesOnceWhatEndedBeforeAKill() throws Exception {
        try (var world = new MoneyWorld(dir)) {
            var account = world.account(1_000_000_000);
            var caller = world.key(account);
            var told = new ArrayList<String>();
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                told.addAll(runAndKill(world.store().url(), caller, 300 + 400 * cycle));
            }
            assertThat(new HashSet<>(told).size()).as("each told once").isEqualTo(told.size());

            // When the node starts again on its journal, twice
            world.node("node").stop();
            var node = world.node("node");

            // Then
            Set<String> booked = new HashSet<>(world.texts("select id from generation"));
            var lost = new HashSet<>(told);
            lost.removeAll(booked);
            assertThat(lost).as("told as ended, not booked").isEmpty();
            assertThat(booked.size() - told.size()).isBetween(0, CYCLES * THREADS);
            assertThat(world.balance(account)).isEqualTo(1_000_000_000 - booked.size() * COST);
            assertThat(node.journal().backlogBytes()).isZero();
            world.quiet();
        }
    }

    private List<String> runAndKill(DatabaseUrl url, Caller caller, int afterCalls)
            throws IOException, InterruptedException {
        var out = Files.createTempFile(dir, "told", ".txt");
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Spender.class.getName(),
                url.hosts(),
                url.database(),
                url.user().orElse(""),
                dir.resolve("node").toString(),
                caller.account().value(),
                caller.key().value());
        builder.environment()
                .put("DATABASE_PASSWORD", url.password().map(Secret::reveal).orElse(""));
        builder.redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        var process = builder.start();
        try {
            long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (lines(out).size() < afterCalls && System.nanoTime() < giveUpAt && process.isAlive()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        var told = lines(out);
        assertThat(told).hasSizeGreaterThanOrEqualTo(afterCalls);
        return told;
    }

    /** Whole lines only: the last may have been cut by the kill. The log may write there too. */
    private static List<String> lines(Path file) throws IOException {
        var text = Files.readString(file);
        int end = text.lastIndexOf('\n');
        return text.substring(0, Math.max(0, end))
                .lines()
                .filter(line -> line.startsWith("gen-"))
                .toList();
    }

    /** Spends for ever, and tells each generation once its settlement has returned. */
    static final class Spender {
        private Spender() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] args) {
            var url = new DatabaseUrl(
                    args[0],
                    args[1],
                    Optional.of(args[2]).filter(user -> !user.isEmpty()),
                    Optional.ofNullable(System.getenv("DATABASE_PASSWORD"))
                            .filter(password -> !password.isEmpty())
                            .map(Secret::new),
                    Map.of());
            var caller = new Caller(new AccountId(args[4]), new KeyId(args[5]), "test", Optional.empty());
            var journal = Journal.open(Path.of(args[3]), 1 << 16, Duration.ofMillis(5));
            var credit =
                    LeasedCredit.open(Database.connect(url), journal, InstantSource.system(), CreditSettings.DEFAULTS);
            for (int i = 0; i < THREADS; i++) {
                Thread.ofPlatform().start(() -> spend(credit, caller));
            }
        }

        private static void spend(LeasedCredit credit, Caller caller) {
            while (true) {
                GenerationId id = MoneyWorld.id();
                if (MoneyWorld.hold(credit, caller, id, 100) instanceof Held held) {
                    MoneyWorld.settle(held.hold(), caller, id, COST);
                    synchronized (System.out) {
                        System.out.println(id.value());
                        System.out.flush();
                    }
                }
            }
        }
    }
}
