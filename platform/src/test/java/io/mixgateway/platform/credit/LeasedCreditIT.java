package io.mixgateway.platform.credit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.Barred;
import io.mixgateway.relay.port.Credit.CapExceeded;
import io.mixgateway.relay.port.Credit.Held;
import io.mixgateway.relay.port.Credit.HoldAnswer;
import io.mixgateway.relay.port.Credit.InsufficientCredits;
import io.mixgateway.relay.port.Credit.Later;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeasedCreditIT {
    @TempDir
    Path dir;

    private MoneyWorld world;

    @BeforeEach
    void begin() {
        world = new MoneyWorld(dir);
    }

    @AfterEach
    void end() {
        world.close();
    }

    // FAILURES 41: balance for exactly ten calls, many at once, over one and several nodes.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void admitsExactlyWhatTheBalancePays(int nodeCount) throws Exception {
        // Given
        long price = 100;
        var account = world.account(10 * price);
        var caller = world.key(account);
        var nodes = new ArrayList<MoneyWorld.Node>();
        for (int i = 0; i < nodeCount; i++) {
            nodes.add(world.node("n" + i));
        }

        // When
        var answers = together(64, i -> nodes.get(i % nodeCount).credit(), caller, price);

        // Then
        assertThat(answers.stream().filter(a -> a.answer instanceof Held)).hasSize(10);
        assertThat(answers.stream().filter(a -> a.answer instanceof InsufficientCredits))
                .hasSize(54);
        for (Answer a : answers) {
            if (a.answer instanceof Held held) {
                MoneyWorld.settle(held.hold(), caller, a.id, price);
            }
        }
        world.quiet();
        assertThat(world.balance(account)).isZero();
        assertThat(world.number("select count(*) from usage_event")).isEqualTo(10);
    }

    // FAILURES 41, with spend caps.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void admitsExactlyWhatTheCapAllows(int nodeCount) throws Exception {
        var account = world.account(1_000_000);
        var caller = world.key(account);
        world.cap(caller, "day", 1_005);
        world.cap(caller, "total", 5_000);
        var nodes = new ArrayList<MoneyWorld.Node>();
        for (int i = 0; i < nodeCount; i++) {
            nodes.add(world.node("n" + i));
        }

        var answers = together(60, i -> nodes.get(i % nodeCount).credit(), caller, 100);

        assertThat(answers.stream().filter(a -> a.answer instanceof Held)).hasSize(10);
        assertThat(answers.stream().map(a -> a.answer).filter(CapExceeded.class::isInstance))
                .hasSize(50)
                .allSatisfy(answer -> {
                    var exceeded = (CapExceeded) answer;
                    assertThat(exceeded.per()).isEqualTo("day");
                    assertThat(exceeded.cap()).isEqualTo(new Nanos(1_005));
                    assertThat(exceeded.available().value()).isBetween(0L, 99L);
                });
        for (Answer a : answers) {
            if (a.answer instanceof Held held) {
                MoneyWorld.settle(held.hold(), caller, a.id, 100);
            }
        }
        world.quiet();
        assertThat(world.number("select sum(spent)::bigint from budget where kind = 'cap'"))
                .isEqualTo(2_000);
    }

    @Test
    void asksAnotherNodeForWhatLiesIdleThere() {
        // Given a node that has leased more than it uses, of an account that is poor
        var account = world.account(1_000);
        var caller = world.key(account);
        var one = world.node("one");
        var other = world.node("other");
        var first = (Held) MoneyWorld.hold(one.credit(), caller, 900);
        first.hold().release();

        // When
        var answer = MoneyWorld.hold(other.credit(), caller, 1_000);

        // Then
        assertThat(answer).isInstanceOf(Held.class);
        ((Held) answer).hold().release();
        world.quiet();
    }

    @Test
    void holdsFromMemoryOnceItIsWarm() throws Exception {
        var account = world.account(1_000_000_000);
        var caller = world.key(account);
        var node = world.node("one");
        ((Held) MoneyWorld.hold(node.credit(), caller, 1_000)).hold().release();
        int asked = 0;
        for (int i = 0; i < 10_000; i++) {
            var id = MoneyWorld.id();
            var answer = node.credit().hold(caller, id, new Nanos(1_000));
            if (answer instanceof Later later) {
                asked++;
                answer = later.answer().toCompletableFuture().join();
            }
            MoneyWorld.settle(((Held) answer).hold(), caller, id, 10);
        }
        assertThat(asked).isLessThan(100);
        assertThat(node.credit().isAmple(caller, new Nanos(100))).isTrue();
        world.quiet();
        assertThat(world.balance(account)).isEqualTo(1_000_000_000 - 100_000);
    }

    // FAILURES 61: what is free may be called with no credit, and nothing else.
    @Test
    void letsFreeCallsThroughWithNoCredit() {
        var caller = world.key(world.account(0));
        world.cap(caller, "day", 0);
        var node = world.node("one");

        var free = (Held) MoneyWorld.hold(node.credit(), caller, 0);
        var paid = MoneyWorld.hold(node.credit(), caller, 1);

        assertThat(paid).isInstanceOf(InsufficientCredits.class);
        free.hold().release();
        world.quiet();
    }

    @Test
    void spendsAGrantAtOnce() {
        var account = world.account(10);
        var caller = world.key(account);
        var node = world.node("one");
        assertThat(MoneyWorld.hold(node.credit(), caller, 500))
                .isEqualTo(new InsufficientCredits(new Nanos(10), new Nanos(10)));
        world.ledger.grant(account, new Nanos(490), "more", Optional.empty());
        var held = (Held) MoneyWorld.hold(node.credit(), caller, 500);
        held.hold().release();
        world.quiet();
    }

    // FAILURES 33: what a call cost is booked as it is; a refund is never more than the hold.
    @Test
    void booksACostAboveItsHoldAsItIs() {
        var account = world.account(100);
        var caller = world.key(account);
        var node = world.node("one");
        var id = MoneyWorld.id();
        var held = (Held) MoneyWorld.hold(node.credit(), caller, id, 60);
        MoneyWorld.settle(held.hold(), caller, id, 150);
        assertThat(MoneyWorld.hold(node.credit(), caller, 1)).isInstanceOf(InsufficientCredits.class);
        await().atMost(2, SECONDS).until(() -> world.balance(account) == -50);
        world.invariantsHold();
        world.quiet();
        assertThatThrownBy(() -> MoneyWorld.settle(held.hold(), caller, id, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsWhatIsHeldToOtherProcesses() {
        var account = world.account(1_000);
        var caller = world.key(account);
        var node = world.node("one");
        var held = (Held) MoneyWorld.hold(node.credit(), caller, 300);
        await().atMost(2, SECONDS)
                .until(() -> world.ledger.balances(account).held().value() == 300);
        assertThat(world.ledger.balances(account).available()).isEqualTo(new Nanos(700));
        held.hold().release();
        await().atMost(2, SECONDS)
                .until(() -> world.ledger.balances(account).held().value() == 0);
        // Idle: handed back, without anybody asking.
        await().atMost(5, SECONDS).until(() -> world.number("select count(*) from lease") == 0);
    }

    @Test
    void raisesAHoldWhileThereIsMore() {
        var account = world.account(1_000);
        var caller = world.key(account);
        var node = world.node("one");
        var held = (Held) MoneyWorld.hold(node.credit(), caller, 800);
        await().atMost(2, SECONDS).until(() -> held.hold().raise(new Nanos(100)));
        assertThat(held.hold().amount()).isEqualTo(new Nanos(900));
        assertThat(held.hold().raise(new Nanos(200))).isFalse();
        held.hold().release();
        held.hold().release();
        assertThat(held.hold().raise(Nanos.ZERO)).isFalse();
        world.quiet();
    }

    @Test
    void barsASuspendedAccountWithinMoments() {
        var account = world.account(1_000);
        var caller = world.key(account);
        var node = world.node("one");
        ((Held) MoneyWorld.hold(node.credit(), caller, 1)).hold().release();
        world.sql("update account set status = 'suspended', status_reason = 'unpaid' where id = ?", account.value());
        await().atMost(3, SECONDS).until(() -> MoneyWorld.hold(node.credit(), caller, 0) instanceof Barred);
        world.sql("update account set status = 'active', status_reason = null where id = ?", account.value());
        await().atMost(3, SECONDS).until(() -> MoneyWorld.hold(node.credit(), caller, 0) instanceof Held);
    }

    @Test
    void followsANewCapInTheMiddleOfItsWindow() {
        var account = world.account(1_000_000);
        var caller = world.key(account);
        var node = world.node("one");
        var id = MoneyWorld.id();
        MoneyWorld.settle(((Held) MoneyWorld.hold(node.credit(), caller, id, 700)).hold(), caller, id, 700);
        await().atMost(2, SECONDS).until(() -> world.balance(account) == 999_300);
        world.cap(caller, "month", 1_000);
        await().atMost(3, SECONDS).until(() -> {
            var answer = MoneyWorld.hold(node.credit(), caller, 301);
            if (answer instanceof Held held) {
                held.hold().release();
            }
            return answer instanceof CapExceeded;
        });
        ((Held) MoneyWorld.hold(node.credit(), caller, 300)).hold().release();
        world.quiet();
    }

    // FAILURES 45: nothing stays held after what took it is gone.
    @Test
    void releasesADeadNodesLeasesAfterTheGraceTime() {
        var account = world.account(1_000);
        var caller = world.key(account);
        var dead = world.node(
                "dead",
                world.store().connect(),
                CreditSettings.DEFAULTS.withLeases(
                        java.time.Duration.ofSeconds(1), java.time.Duration.ZERO, java.time.Duration.ofMillis(500)));
        ((Held) MoneyWorld.hold(dead.credit(), caller, 1_000)).hold();
        dead.database().close();

        var alive = world.node(
                "alive",
                world.store().connect(),
                CreditSettings.DEFAULTS.withLeases(
                        java.time.Duration.ofSeconds(2),
                        java.time.Duration.ofMillis(500),
                        java.time.Duration.ofMillis(500)));
        await().atMost(10, SECONDS).until(() -> MoneyWorld.hold(alive.credit(), caller, 1_000) instanceof Held);
    }

    private record Answer(GenerationId id, HoldAnswer answer) {}

    private static List<Answer> together(
            int calls, java.util.function.IntFunction<LeasedCredit> node, Caller caller, long amount) throws Exception {
        var barrier = new CyclicBarrier(calls);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<java.util.concurrent.Future<Answer>>();
            for (int i = 0; i < calls; i++) {
                var credit = node.apply(i);
                futures.add(threads.submit(() -> {
                    barrier.await();
                    var id = MoneyWorld.id();
                    return new Answer(id, MoneyWorld.hold(credit, caller, id, amount));
                }));
            }
            var answers = new ArrayList<Answer>();
            for (var future : futures) {
                answers.add(future.get());
            }
            return answers;
        }
    }
}
