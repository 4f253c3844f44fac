package io.mixgateway.platform.credit;

/**
 * What came of a {@link Want}.
 *
 * @param slice what was taken
 * @param leased what the node has of the budget now
 * @param version orders the words of the database about this lease; 0 when there is none
 * @param balance what the budget has left by what is booked, leased or not
 * @param available what is left to be leased
 * @param awaited what other living nodes have of it that were asked to hand back what they can and have not answered yet
 * @param stranded what nodes have of it that are silent and whose leases nobody has released yet
 */
record Taken(
        long budget,
        long slice,
        long leased,
        long version,
        long balance,
        long available,
        long awaited,
        long stranded) {}
