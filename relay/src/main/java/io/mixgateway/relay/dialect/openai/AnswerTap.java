package io.mixgateway.relay.dialect.openai;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.TextTally;
import io.mixgateway.relay.meter.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads a whole answer (not a stream) once it is complete: its usage, its model, whether it is an error in disguise. */
public final class AnswerTap {
    private final Optional<Usage> usage;
    private final String modelServed;
    private final TextTally tally = new TextTally();
    private final boolean isError;
    private final boolean wellFormed;

    private AnswerTap(byte[] body, int from, int to) {
        var scan = new ChunkScan();
        scan.scan(body, from, to, tally);
        wellFormed = scan.wellFormed;
        isError = scan.isError && !scan.hasChoices;
        var tier = scan.serviceTier == null ? ServiceTier.STANDARD : scan.serviceTier;
        usage = scan.usageIsObject
                ? OpenAiUsage.read(body, scan.usageFrom, scan.usageTo).map(read -> read.in(tier))
                : Optional.empty();
        modelServed = scan.modelFrom < 0 || scan.modelTo - scan.modelFrom > 200
                ? ""
                : new String(body, scan.modelFrom, scan.modelTo - scan.modelFrom, StandardCharsets.UTF_8);
    }

    /** Reads {@code body[from, to)}. */
    public static AnswerTap read(byte[] body, int from, int to) {
        return new AnswerTap(body, from, to);
    }

    public Optional<Usage> usage() {
        return usage;
    }

    public String modelServed() {
        return modelServed;
    }

    public TextTally tally() {
        return tally;
    }

    /** Whether an answer with status 200 holds an error object and no choices. */
    public boolean isError() {
        return isError;
    }

    /** Whether the answer is a JSON object at all. */
    public boolean isWellFormed() {
        return wellFormed;
    }
}
