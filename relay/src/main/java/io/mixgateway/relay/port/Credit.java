package io.mixgateway.relay.port;

import io.mixgateway.relay.call.Caller;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.money.Nanos;
import java.util.concurrent.CompletionStage;

/**
 * The account's money, as a call sees it: set aside before forwarding, captured after.
 *
 * <p>Concurrent calls can never hold more than there is: the sum of open holds and charges stays within the
 * balance and within every spend cap of the key.
 */
public interface Credit {
    /** Sets {@code amount} (>= 0) aside for a call. Does not block; {@link HoldAnswer.Later} when it must ask the store. */
    HoldAnswer hold(Caller caller, GenerationId generation, Nanos amount);

    /**
     * Whether so much more than {@code amount} is there that a rough upper bound may be held; when not, the relay counts
     * the prompt exactly before it asks, so that the last cent can be spent. A hint from memory: false when unknown. Does not block.
     */
    boolean isAmple(Caller caller, Nanos amount);

    /** What came of asking for a hold. */
    sealed interface HoldAnswer {}

    /** Nothing was held, and the call is refused. */
    sealed interface Refused extends HoldAnswer {}

    /** The money is set aside. The hold must be settled or released, exactly once, whatever happens. */
    record Held(Hold hold) implements HoldAnswer {}

    /** There is not enough. {@code available} is what could be held now; {@code balance} also counts what other calls hold. */
    record InsufficientCredits(Nanos balance, Nanos available) implements Refused {}

    /** The key's spend cap would be exceeded. {@code per} is day, week, month or total. */
    record CapExceeded(Nanos cap, String per, Nanos available) implements Refused {}

    /** The account may not spend just now (suspended, restricted); {@code reason} may be shown to the caller. */
    record Barred(String reason) implements Refused {}

    /** The store is away or the journal is full: nothing was held, and the call is refused with 503. */
    record Unavailable(String reason) implements Refused {}

    /** Not known yet. Completes with any of the others, never with {@code Later}, never exceptionally. */
    record Later(CompletionStage<HoldAnswer> answer) implements HoldAnswer {}

    /** Money set aside for one call. Thread-safe. */
    interface Hold {
        /** What is set aside now, including what {@link #raise} added. */
        Nanos amount();

        /** Sets more aside while a stream goes on; false when there is no more to be had without waiting. */
        boolean raise(Nanos more);

        /**
         * Ends the hold: records the generation in the usage journal, charges {@code generation.cost()} and gives
         * the rest back. A cost above the hold is booked as it is. Returns once the record would outlive the process. When it
         * throws, nothing is recorded and the hold is still open: release it.
         *
         * @throws IllegalStateException when the hold was settled or released before
         */
        void settle(Generation generation);

        /** Gives everything back, recording nothing. Does nothing after {@link #settle}. */
        void release();
    }
}
