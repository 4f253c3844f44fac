package io.mixgateway.platform.credit;

import io.mixgateway.platform.journal.Journal;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * What the open holds and wallets of a node share.
 *
 * @param life without which nothing more may be drawn on the leases
 * @param askAhead is told of a wallet that runs low; it must not block, and somebody must then call {@link
 *     Wallet#round} until that is empty
 */
record Settling(Journal journal, InstantSource clock, NodeLife life, Consumer<Wallet> askAhead) {}
