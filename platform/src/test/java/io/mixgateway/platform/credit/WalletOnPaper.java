package io.mixgateway.platform.credit;

import org.jspecify.annotations.Nullable;

/** What {@link WalletActs} must amount to when one thing happens after another: the rules of a purse, and nothing else. */
public final class WalletOnPaper {
    private static final class Sheet {
        long leased;
        long version = 1;
        long held;
        long pending;
        long returning;

        Sheet(long leased) {
            this.leased = leased;
        }

        long free() {
            return leased - held - pending - returning;
        }

        void hears(int itsVersion) {
            if (itsVersion > version) {
                version = itsVersion;
                leased = WalletCalls.LEASED[itsVersion];
            }
        }
    }

    private static final class Mine {
        final boolean capped;
        long amount;
        boolean open = true;

        Mine(boolean capped) {
            this.capped = capped;
        }
    }

    private final Sheet credit = new Sheet(WalletCalls.LEASED[1]);
    private final Sheet cap = new Sheet(WalletCalls.CAPPED_AT);
    private final Mine shared = new Mine(true);
    private final @Nullable Mine[] own = new Mine[8];
    private boolean alive = true;
    private long epoch;
    private long back = -1;

    public WalletOnPaper() {
        draw(shared, WalletCalls.SHARED);
    }

    private @Nullable Mine hold(int thread, boolean everybodys) {
        return everybodys ? shared : own[thread];
    }

    private boolean draw(Mine mine, long amount) {
        if (!alive || amount > credit.free() || (mine.capped && amount > cap.free())) {
            return false;
        }
        mine.amount += amount;
        credit.held += amount;
        cap.held += mine.capped ? amount : 0;
        return true;
    }

    private void end(Mine mine, long cost) {
        mine.open = false;
        credit.held -= mine.amount;
        credit.pending += cost;
        cap.held -= mine.capped ? mine.amount : 0;
        cap.pending += mine.capped ? cost : 0;
    }

    public boolean hold(int thread, int amount, boolean capped) {
        var mine = new Mine(capped);
        if (own[thread] != null || !draw(mine, amount)) {
            return false;
        }
        own[thread] = mine;
        return true;
    }

    public boolean raise(int thread, boolean everybodys, int amount) {
        var mine = hold(thread, everybodys);
        return mine != null && mine.open && draw(mine, amount);
    }

    public void settle(int thread, boolean everybodys, int cost) {
        var mine = hold(thread, everybodys);
        if (mine != null) {
            if (!mine.open) {
                throw new IllegalStateException();
            }
            end(mine, cost);
        }
    }

    public void release(int thread, boolean everybodys) {
        var mine = hold(thread, everybodys);
        if (mine != null && mine.open) {
            end(mine, 0);
        }
    }

    public void takes(int version, int itsEpoch) {
        if (itsEpoch >= epoch) {
            credit.hears(version);
        }
    }

    public void books(int cost, int version) {
        credit.pending -= cost;
        credit.hears(version);
    }

    public long isRecalled() {
        if (back >= 0) {
            return -1;
        }
        back = Math.max(0, credit.free());
        credit.returning += back;
        return back;
    }

    public void hasHandedBack(boolean done, int version) {
        if (back >= 0) {
            if (done) {
                credit.hears(version);
            }
            credit.returning -= back;
            back = -1;
        }
    }

    public long reports() {
        return Math.max(0, credit.held + credit.pending) * 100 + Math.max(0, cap.held + cap.pending);
    }

    public void expires() {
        alive = false;
    }

    public void loses() {
        epoch = 2;
        credit.leased = 0;
        cap.leased = 0;
    }

    public void livesOn() {
        alive = true;
    }
}
