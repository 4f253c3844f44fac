package io.mixgateway.platform.credit;

import io.mixgateway.platform.credit.NodeStore.Fenced;
import io.mixgateway.platform.credit.Wallet.Answered;
import io.mixgateway.relay.port.Credit.Unavailable;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database for what the wallets' waiting calls need. One virtual thread for each account that asks; all calls
 * that wait at a moment are asked for together.
 */
final class Asking {
    private static final Logger log = LoggerFactory.getLogger(Asking.class);
    /** One of the pool's connections stays for the flush. */
    private static final int AT_ONCE = 3;

    private static final int MOST_RECALLS = 4;
    /** The first look at what others have handed back comes after this long, each later one after twice as long. */
    private static final long FIRST_LOOK_MILLIS = 10;

    private static final long LOOK_EVERY_MILLIS = 160;

    private final Stores stores;
    private final NodeLife life;
    private final InstantSource clock;
    private final CreditSettings settings;
    private final Semaphore connections = new Semaphore(AT_ONCE);

    Asking(Stores stores, NodeLife life, InstantSource clock, CreditSettings settings) {
        this.stores = stores;
        this.life = life;
        this.clock = clock;
        this.settings = settings;
    }

    /** Starts asking for {@code wallet}, which has been marked as asking. Does not block. */
    void start(Wallet wallet) {
        Thread.ofVirtual().name("credit-", 0).start(() -> run(wallet));
    }

    private void run(Wallet wallet) {
        askAhead(wallet);
        var waiters = wallet.round();
        while (!waiters.isEmpty()) {
            answer(wallet, waiters);
            waiters = wallet.round();
        }
    }

    private void askAhead(Wallet wallet) {
        try {
            var wants = wallet.spareWants(clock.millis());
            if (!wants.isEmpty()) {
                take(wallet, wants, true);
            }
        } catch (DataAccessException | IllegalStateException | Fenced e) {
            log.debug("asking ahead for {} failed", wallet.account(), e);
        }
    }

    private void answer(Wallet wallet, List<Waiter> waiters) {
        List<Answered> answered;
        try {
            if (!life.usable(clock.millis())) {
                answered = wallet.refuse(waiters, new Unavailable("the database has been away for too long"));
            } else {
                learn(wallet, waiters);
                answered = lease(wallet, waiters);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            answered = wallet.refuse(waiters, new Unavailable("the gateway is stopping"));
        } catch (Exception e) {
            // Whatever it is, nobody may be left waiting, and in doubt the answer is no.
            log.warn("credit of {} cannot be read: {}", wallet.account(), e.toString());
            answered = wallet.refuse(waiters, new Unavailable("the credit store does not answer"));
        }
        answered.forEach(Answered::tell);
    }

    private void learn(Wallet wallet, List<Waiter> waiters) throws InterruptedException {
        for (Waiter waiter : waiters) {
            var key = waiter.caller().key();
            long now = clock.millis();
            if (!wallet.knows(key, now)) {
                if (!connections.tryAcquire(settings.coldWait().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("no connection in time");
                }
                try {
                    wallet.learn(key, stores.terms().terms(wallet.account(), key, clock.instant()), now);
                } finally {
                    connections.release();
                }
            }
        }
    }

    private List<Answered> lease(Wallet wallet, List<Waiter> waiters) throws InterruptedException {
        var answers = new HashMap<Long, Taken>();
        var asked = new HashMap<Long, Want>();
        long giveUpAt = System.nanoTime() + settings.recallWait().toNanos();
        boolean recall = true;
        int recalls = 1;
        long lookAfterMillis = FIRST_LOOK_MILLIS;
        while (true) {
            var wants = wallet.wants(waiters, clock.millis());
            answers.clear();
            asked.clear();
            if (wants.isEmpty()) {
                break;
            }
            for (Want want : wants) {
                asked.put(want.budget(), want);
            }
            boolean others = false;
            for (Taken taken : take(wallet, wants, recall)) {
                answers.put(taken.budget(), taken);
                others |= taken.awaited() > 0;
            }
            if (System.nanoTime() > giveUpAt) {
                break;
            }
            if (!wallet.mayFitSoon(waiters, answers)) {
                if (!others) {
                    // All have answered, or nobody else leases. One that answered may have leased ahead again, or a
                    // call of its own may have ended: no is said only when asking again brings nothing either.
                    if (recall || recalls == MOST_RECALLS) {
                        break;
                    }
                    recalls++;
                }
                recall = !others;
            }
            TimeUnit.MILLISECONDS.sleep(lookAfterMillis);
            lookAfterMillis = Math.min(2 * lookAfterMillis, LOOK_EVERY_MILLIS);
        }
        return wallet.serve(waiters, Map.copyOf(answers), Map.copyOf(asked), clock.millis());
    }

    private List<Taken> take(Wallet wallet, List<Want> wants, boolean recall) {
        connections.acquireUninterruptibly();
        try {
            long epoch = life.epoch();
            var taken = stores.leases().take(epoch, wants, recall);
            wallet.adopt(taken, epoch);
            return taken;
        } finally {
            connections.release();
        }
    }
}
