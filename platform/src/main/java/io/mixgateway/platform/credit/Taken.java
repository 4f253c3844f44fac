package io.mixgateway.platform.credit;

/**
 * What came of a {@link Want}.
 *
 * @param slice what was taken
 * @param leased what the node has of the budget now
 * @param version orders the words of the database about this lease; 0 when there is none
 * @param balance what the budget has left by what is booked, leased or not
 * @param available what is left to be leased
 * @param others how many other nodes may yet hand back something of it
 */
record Taken(long budget, long slice, long leased, long version, long balance, long available, int others) {}
