package io.mixgateway.platform.credit;

/**
 * What a purse asks of its budget.
 *
 * @param least less than this would let no waiting call go on, so it is not taken
 * @param need what all waiting calls need
 * @param spare what would be good to have on top, as far as there is plenty
 */
record Want(long budget, long least, long need, long spare) {
    /** How much of a budget's {@code available} to take: an eighth of what is left at most beyond the need. */
    long slice(long available) {
        if (available <= 0 || available < least) {
            return 0;
        }
        long needed = Math.min(need, available);
        return needed + Math.min(spare, (available - needed) / 8);
    }
}
