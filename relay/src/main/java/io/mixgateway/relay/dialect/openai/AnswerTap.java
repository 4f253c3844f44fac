package io.mixgateway.relay.dialect.openai;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.TextTally;
import io.mixgateway.relay.meter.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads a whole answer (not a stream) once it is complete: its usage, its model, whether it is a result at all. */
public final class AnswerTap {
    private final Optional<Usage> usage;
    private final String modelServed;
    private final TextTally tally = new TextTally();
    private final boolean isResult;

    private AnswerTap(byte[] body, int from, int to) {
        var scan = new ChunkScan();
        scan.scan(body, startsWithMark(body, from, to) ? from + 3 : from, to, tally);
        var tier = scan.serviceTier == null ? ServiceTier.STANDARD : scan.serviceTier;
        usage = scan.usageIsObject
                ? OpenAiUsage.read(body, scan.usageFrom, scan.usageTo, !tally.isEmpty())
                        .map(read -> read.in(tier))
                : Optional.empty();
        boolean used = usage.filter(read -> read.total() > 0).isPresent();
        isResult = scan.wellFormed && (scan.hasChoices || (!scan.isError && (scan.hasData || used)));
        modelServed = scan.modelFrom < 0 || scan.modelTo - scan.modelFrom > 200
                ? ""
                : new String(body, scan.modelFrom, scan.modelTo - scan.modelFrom, StandardCharsets.UTF_8);
    }

    /** Whether a byte order mark comes first, which a parser may pass over (RFC 8259, 8.1). */
    private static boolean startsWithMark(byte[] body, int from, int to) {
        return to - from >= 3
                && body[from] == (byte) 0xef
                && body[from + 1] == (byte) 0xbb
                && body[from + 2] == (byte) 0xbf;
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

    /**
     * Whether the answer is what was asked for: a JSON object with choices or embeddings in it, or at least with something
     * used. Providers have many ways to say with status 200 that they failed; they all lack this.
     */
    public boolean isResult() {
        return isResult;
    }
}
