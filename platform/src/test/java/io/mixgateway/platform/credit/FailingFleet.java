package io.mixgateway.platform.credit;

import io.mixgateway.platform.store.Database;
import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.relay.port.Credit.HoldAnswer;
import io.mixgateway.relay.port.Credit.Later;
import io.mixgateway.relay.port.Credit.Unavailable;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * Three nodes on one database. The first is well; the second loses its database for moments, or answers to its commits;
 * the third is killed and comes back, every {@value #EVERY_MILLIS} milliseconds one of these.
 */
final class FailingFleet implements AutoCloseable {
    static final int NODES = 3;
    private static final int KILLED = 2;
    private static final int EVERY_MILLIS = 1_000;

    /** Many nodes at once: what they do again and again must not take all the time. */
    private static final Duration FLUSH_EVERY = Duration.ofMillis(60);

    private final MoneyWorld world;
    private final Random random;
    private final Wire wire;
    private final AtomicReferenceArray<Life> lives = new AtomicReferenceArray<>(NODES);

    /** A kill takes the write lock, what calls do in memory the read lock. */
    private final ReentrantReadWriteLock killing = new ReentrantReadWriteLock();

    private final Thread failing;
    private volatile boolean stopping;
    private int kills;
    private int cuts;
    private int lostAnswers;

    /** A node from its start to its end. */
    static final class Life {
        private final MoneyWorld.Node node;
        private final CompletableFuture<HoldAnswer> death = new CompletableFuture<>();

        private Life(MoneyWorld.Node node) {
            this.node = node;
        }

        boolean alive() {
            return !death.isDone();
        }

        /** The final answer, waited for while the node lives. */
        HoldAnswer hold(Caller caller, GenerationId id, long nanos) {
            if (death.isDone()) {
                return death.join();
            }
            var answer = node.credit().hold(caller, id, new Nanos(nanos));
            return answer instanceof Later later
                    ? later.answer()
                            .toCompletableFuture()
                            .applyToEither(death, Function.identity())
                            .join()
                    : answer;
        }
    }

    FailingFleet(MoneyWorld world, Random random) {
        this.world = world;
        this.random = random;
        this.wire = new Wire(world.store().url());
        lives.set(0, new Life(node(world.store().connect(), 0)));
        lives.set(1, new Life(node(wire.connect(), 1)));
        lives.set(KILLED, new Life(node(world.store().connect(), KILLED)));
        this.failing = Thread.ofPlatform().daemon().name("failing").start(this::fail);
    }

    /** Does something in memory, during which no node is killed. */
    void whileTheyLive(Runnable action) {
        killing.readLock().lock();
        try {
            action.run();
        } finally {
            killing.readLock().unlock();
        }
    }

    /** What is that node now; dead until it has come back. What was open in an earlier life is cut off. */
    Life life(int number) {
        return lives.get(number);
    }

    private void fail() {
        while (!stopping) {
            sleep(EVERY_MILLIS);
            switch (random.nextInt(4)) {
                case 0, 1 -> kill();
                case 2 -> {
                    int answers = 1 + random.nextInt(3);
                    lostAnswers += answers;
                    wire.loseAnswersToCommits(answers);
                }
                default -> {
                    cuts++;
                    wire.cut();
                    sleep(random.nextInt(300));
                    wire.mend();
                }
            }
        }
    }

    /**
     * One node ends as kill -9 would end it: nothing more reaches the database, nothing is handed back. Its connections
     * end first: once it counts as dead it must not tell another node any more what its calls hold.
     */
    private void kill() {
        kills++;
        var life = lives.get(KILLED);
        var old = life.node;
        old.database().close();
        killing.writeLock().lock();
        try {
            life.death.complete(new Unavailable("it was killed"));
        } finally {
            killing.writeLock().unlock();
        }
        world.forget(old);
        old.credit().close();
        old.journal().close();
        lives.set(KILLED, new Life(node(world.store().connect(), KILLED)));
    }

    private MoneyWorld.Node node(Database database, int number) {
        return world.node("n" + number, database, MoneyWorld.PATIENT.withFlushEvery(FLUSH_EVERY));
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the failures; all nodes are well. */
    void mend() throws InterruptedException {
        stopping = true;
        failing.join();
        wire.loseAnswersToCommits(0);
        wire.mend();
    }

    @Override
    public String toString() {
        return kills + " kills, " + cuts + " times without the database, " + lostAnswers + " answers lost";
    }

    @Override
    public void close() {
        stopping = true;
        wire.close();
    }
}
