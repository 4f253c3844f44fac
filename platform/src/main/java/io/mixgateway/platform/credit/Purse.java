package io.mixgateway.platform.credit;

/**
 * What this node has of one budget, and the arithmetic of it. Pure; not thread-safe: its {@link Wallet}'s lock guards it.
 *
 * <p>A new hold must fit into what is free: leased − held − pending − returning. Each of the four errs on the safe
 * side while the database is asked: a slice counts from when the database has said so, a hand-back from before it is
 * asked, a charge until the database has it.
 */
final class Purse {
    /** Sums of a few of these still fit a long. */
    private static final long MOST = Long.MAX_VALUE / 64;
    /** This many times an amount free here is ample; what is elsewhere others may take first, so more of it must be there. */
    private static final int AMPLE_FREE = 16;

    private static final int AMPLE_ELSEWHERE = 256;

    private final long budget;
    private long leased;
    private long held;
    private long pending;
    private long returning;
    private long version;
    private long perhapsBooked;

    private long reportedHeld;
    private long usedAtMillis;
    private long contendedUntilMillis;
    private long spentSinceSample;
    private long spentPerSecond;
    private long missed;
    private long typicalHold;
    private long availableLast;

    Purse(long budget, long nowMillis) {
        this.budget = budget;
        this.usedAtMillis = nowMillis;
    }

    long budget() {
        return budget;
    }

    /** Nanos that a hold may still take without asking; below zero when calls cost more than they held. */
    long free() {
        return leased - held - pending - returning;
    }

    /** Nothing always fits, so that what is free can be called with no money at all. */
    boolean fits(long amount) {
        return amount == 0 || amount <= free();
    }

    void hold(long amount, long nowMillis) {
        held = Math.addExact(held, amount);
        typicalHold = smoothed(typicalHold, amount);
        usedAtMillis = nowMillis;
    }

    void release(long amount) {
        held -= amount;
    }

    /** Whether {@code cost} can be counted beside all that is owed already. */
    boolean canOwe(long cost) {
        return cost <= Long.MAX_VALUE - Math.max(0, pending);
    }

    /**
     * The call ended: what it held is free again, what it cost is owed to the database. Throws nothing, because the record
     * is in the journal by now. Should calls that end together owe more than a long can count, which {@link #canOwe} keeps
     * each alone from, what is owed is right again once some of it is booked.
     */
    void settle(long amount, long cost, long nowMillis) {
        held -= amount;
        pending += cost;
        spentSinceSample = Math.min(MOST, spentSinceSample + Math.min(MOST, cost));
        usedAtMillis = nowMillis;
    }

    /** The database has charged {@code cost}, which an earlier {@link #settle} had left pending. */
    void booked(long cost) {
        pending -= cost;
        perhapsBooked = 0;
    }

    /** What is pending is booked now, and may be in the database from now on, heard of or not. */
    void booking() {
        perhapsBooked = pending;
    }

    /**
     * What may be to be had beside {@link #free} and what the database has left: a cost that was booked but not heard of is
     * both gone from what is leased and still pending, and what is on its way back to the database is with neither.
     */
    long unsure() {
        return perhapsBooked + returning;
    }

    /** Takes the database's word for what is leased, unless a later word was heard already. */
    void adopt(long amount, long itsVersion) {
        if (itsVersion > version) {
            version = itsVersion;
            leased = amount;
        }
    }

    /** Nothing is ours any more: another node took over. What is held and pending stays, and is booked as truth. */
    void lose() {
        leased = 0;
    }

    /** Sets aside what is handed back, so that no hold can take it meanwhile; gives how much. */
    long beginReturn(long amount) {
        returning += amount;
        return amount;
    }

    void endReturn(long amount) {
        returning -= amount;
    }

    private static long smoothed(long before, long now) {
        return before + (Math.min(MOST, now) - before) / 3;
    }

    /** What the database had left of the budget, when it was last asked. */
    void heardAvailable(long amount) {
        availableLast = amount;
    }

    /** Whether so much more than {@code amount} is to be had that nobody need be exact about it. */
    boolean isAmpleFor(long amount) {
        return free() / AMPLE_FREE >= amount || availableLast / AMPLE_ELSEWHERE >= amount;
    }

    /** How much this purse could hand back now. */
    long surplus(long nowMillis, long idleAfterMillis) {
        long free = free();
        if (free <= 0 || returning > 0) {
            return 0;
        }
        if (contended(nowMillis) || nowMillis - usedAtMillis >= idleAfterMillis) {
            return free;
        }
        long target = target();
        return free / 4 > target ? free - 2 * target : 0;
    }

    /** How much it would like to have free: four seconds of spending, or eight usual holds. */
    long target() {
        return Math.max(4 * Math.min(MOST, spentPerSecond), 8 * Math.min(MOST, typicalHold));
    }

    /** Whether it is time to ask for more before a call has to wait for it. */
    boolean low() {
        return free() < target() / 4;
    }

    /** Takes a sample of the spending, {@code seconds} after the last. */
    void sample(double seconds) {
        spentPerSecond = smoothed(spentPerSecond, (long) (spentSinceSample / Math.max(seconds, 0.001)));
        spentSinceSample = 0;
    }

    /** A call that goes on asked for {@code amount} more than is free: it is asked for beside it, for its next try. */
    void miss(long amount) {
        missed = Math.max(missed, amount - free());
    }

    long takeMissed() {
        long amount = missed;
        missed = 0;
        return amount;
    }

    void contend(long untilMillis) {
        contendedUntilMillis = untilMillis;
    }

    /** Another node lately needed what was free here: take no more than needed, hand back all that is free. */
    boolean contended(long nowMillis) {
        return nowMillis < contendedUntilMillis;
    }

    /** What the database should show as held: open holds, and costs that it does not have yet. */
    long toReport() {
        return Math.max(0, held + pending);
    }

    long reportedHeld() {
        return reportedHeld;
    }

    void reported(long amount) {
        reportedHeld = amount;
    }

    long version() {
        return version;
    }

    long pending() {
        return pending;
    }

    long held() {
        return held;
    }

    long leased() {
        return leased;
    }

    boolean empty() {
        return leased == 0 && held == 0 && pending == 0 && returning == 0;
    }
}
