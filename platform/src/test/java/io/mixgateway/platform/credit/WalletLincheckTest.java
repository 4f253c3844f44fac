package io.mixgateway.platform.credit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.mixgateway.platform.journal.Journal;
import java.nio.file.Path;
import java.time.Duration;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever calls, the keeper and the database's answers do to one wallet at the same time looks as if it had been done in
 * some order, by the rules of {@link WalletOnPaper} (FAILURES 41). Lincheck makes up what is done and looks for the order:
 * once switching between two threads at chosen places, once with real threads.
 *
 * <p>Every build does the first, in seconds. With real threads Lincheck rewrites all classes there are, which takes minutes:
 * {@code ./build -pl platform -am verify -Dtest=WalletLincheckTest -DskipITs -Dsurefire.failIfNoSpecifiedTests=false
 * -Dlincheck.times=1} does both, and with 20 twenty times as much of each.
 */
class WalletLincheckTest {
    private static final String OURS = WalletLincheckTest.class.getPackageName() + ".";
    private static final int TIMES = Integer.getInteger("lincheck.times", 1);

    private static @Nullable Journal journal;

    static Journal journal() {
        return requireNonNull(journal, "journal: none is open (expected: one, opened by the test)");
    }

    @Test
    void everySwitchBetweenTwoThreadsLooksLikeAnOrder(@TempDir Path dir) {
        withJournal(dir, () -> {
            switches().sequentialSpecification(WalletOnPaper.class).check(WalletCalls.class);
            switches().sequentialSpecification(WalletOnPaper.class).check(WalletActs.class);
        });
    }

    /** What it is good for: a mistake that is planted must be found. */
    @Test
    void findsACheckThatIsApartFromItsAct() {
        assertThatThrownBy(() -> switches().minimizeFailedScenario(false).check(TornHolds.class))
                .isInstanceOf(LincheckAssertionError.class);
    }

    @Test
    @EnabledIfSystemProperty(named = "lincheck.times", matches = "[1-9][0-9]*")
    void whatRealThreadsDoLooksLikeAnOrder(@TempDir Path dir) {
        withJournal(dir, () -> {
            stress().sequentialSpecification(WalletOnPaper.class).check(WalletCalls.class);
            stress().sequentialSpecification(WalletOnPaper.class).check(WalletActs.class);
        });
    }

    @Test
    @EnabledIfSystemProperty(named = "lincheck.times", matches = "[1-9][0-9]*")
    void realThreadsFindIt() {
        assertThatThrownBy(() -> stress().minimizeFailedScenario(false).check(TornHolds.class))
                .isInstanceOf(LincheckAssertionError.class);
    }

    private static void withJournal(Path dir, Runnable test) {
        try (var open = Journal.open(dir, 64 << 20, Duration.ofMillis(50))) {
            journal = open;
            test.run();
        } finally {
            journal = null;
        }
    }

    private static StressOptions stress() {
        return new StressOptions()
                .iterations(8 * TIMES)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(4)
                .actorsBefore(1)
                .actorsAfter(1);
    }

    /** What is not of this package is one step, or none: it knows no wallet, and the journal has a lock of its own. */
    private static ModelCheckingOptions switches() {
        return new ModelCheckingOptions()
                .iterations(20 * TIMES)
                .invocationsPerIteration(25)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(2)
                .addGuarantee(forClasses(name -> name.equals(Journal.class.getName()))
                        .allMethods()
                        .treatAsAtomic())
                .addGuarantee(
                        forClasses(name -> !name.startsWith(OURS)).allMethods().ignore());
    }
}
