package io.mixgateway.relay.dialect.openai;

import io.mixgateway.relay.meter.ServiceTier;
import io.mixgateway.relay.meter.TextTally;
import io.mixgateway.relay.meter.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Listens to a chat stream on its way to the client. Whole events pass; the beginning of one waits for its end, so
 * that whatever we must add ourselves never lands inside an event. When the usage was asked for by us and not by the
 * client, the usage chunk and each chunk's {@code usage} member are taken out; an error of the provider's is kept back,
 * for the gateway to say in its own words; everything else passes byte for byte.
 *
 * <p>Event boundaries: WHATWG HTML, "server-sent events", parsing an event stream: lines end with LF, CRLF or CR, an
 * empty line ends an event, comments start with a colon. Comments pass as soon as their line is complete.
 */
public final class ChatStreamTap {
    /** An event longer than this passes unread: memory is bounded, metering falls back to counting. */
    static final int LONGEST_EVENT = 4 * 1024 * 1024;

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private final boolean stripUsage;
    private final TextTally tally = new TextTally();
    private final ChunkScan scan = new ChunkScan();

    private byte[] pending = {};
    private int pendingLength;
    /** How far {@code pending} was already searched for line ends. */
    private int searched;

    private int lineFrom;
    private boolean eventHasFields;
    private boolean atStart = true;
    private boolean swallowLineFeed;

    private @Nullable Usage usage;
    private @Nullable String modelServed;
    private ServiceTier serviceTier = ServiceTier.STANDARD;
    private final int choices;
    private long spokenWhenReported;
    private int finished;
    private boolean done;
    private boolean failed;
    private boolean finishing;
    private boolean answering;

    // What of the current input passes on: [passFrom, event end), less what was cut out.
    private byte[] out = {};
    private int outLength;

    /**
     * @param stripUsage whether the gateway asked for the usage and the client did not
     * @param choices how many answers were asked for (the request's {@code n})
     */
    public ChatStreamTap(boolean stripUsage, int choices) {
        this.stripUsage = stripUsage;
        this.choices = choices;
    }

    /** A stretch of bytes to send on; may be the input itself. */
    public record Passed(byte[] array, int from, int to) {
        static final Passed NOTHING = new Passed(new byte[0], 0, 0);

        public boolean isEmpty() {
            return from == to;
        }
    }

    /** Takes what the upstream sent, {@code input[from, to)}, and returns what the client gets now. */
    public Passed accept(byte[] input, int from, int to) {
        if (pendingLength > 0) {
            append(input, from, to);
            return pass(pending, 0, pendingLength, true);
        }
        searched = 0;
        lineFrom = 0;
        return pass(input, from, to, false);
    }

    /** The upstream ended: what still waited passes, with the blank line its last event lacks, unless it is half a chunk. */
    public Passed finish() {
        finishing = true;
        if (pendingLength == 0) {
            return Passed.NOTHING;
        }
        append(new byte[] {'\n', '\n'}, 0, 2);
        var passed = pass(pending, 0, pendingLength, true);
        if (pendingLength == 0) {
            return passed;
        }
        var rest = new Passed(Arrays.copyOf(pending, pendingLength), 0, pendingLength);
        pendingLength = 0;
        return rest;
    }

    private Passed pass(byte[] buffer, int base, int limit, boolean fromPending) {
        outLength = 0;
        int kept = base; // start of what has neither passed nor been cut
        int passedTo = base; // end of what may pass
        boolean cut = false;
        int at = base + searched;
        int line = base + lineFrom;
        int event = base;
        while (at < limit) {
            byte c = buffer[at];
            if (c != '\n' && c != '\r') {
                at++;
                continue;
            }
            if (swallowLineFeed) {
                swallowLineFeed = false;
                if (c == '\n' && at == line) {
                    at++;
                    line = at;
                    if (!eventHasFields) {
                        passedTo = at;
                        event = at;
                    }
                    continue;
                }
            }
            int lineTo = at;
            at++;
            if (c == '\r') {
                if (at < limit) {
                    if (buffer[at] == '\n') {
                        at++;
                    }
                } else {
                    swallowLineFeed = true;
                }
            }
            boolean blank = lineTo == line;
            if (!blank) {
                eventHasFields |= buffer[line] != ':';
                line = at;
                if (!eventHasFields) {
                    passedTo = at;
                    event = at;
                }
                continue;
            }
            if (eventHasFields) {
                var verdict = event(buffer, event, line);
                if (verdict.drop) {
                    copyOut(buffer, kept, event);
                    kept = at;
                    cut = true;
                } else if (verdict.cutFrom >= 0) {
                    copyOut(buffer, kept, verdict.cutFrom);
                    kept = verdict.cutTo;
                    cut = true;
                }
            }
            eventHasFields = false;
            passedTo = at;
            line = at;
            event = at;
        }
        if (limit - passedTo > LONGEST_EVENT) {
            passedTo = limit;
            line = limit;
        }
        Passed passed = passed(buffer, kept, passedTo, cut, fromPending);
        keepRest(buffer, passedTo, limit, fromPending);
        searched = limit - passedTo;
        lineFrom = line - passedTo;
        return passed;
    }

    private Passed passed(byte[] buffer, int kept, int passedTo, boolean cut, boolean fromPending) {
        if (!cut && !fromPending) {
            return kept == passedTo ? Passed.NOTHING : new Passed(buffer, kept, passedTo);
        }
        copyOut(buffer, kept, passedTo);
        if (outLength == 0) {
            return Passed.NOTHING;
        }
        var passed = new Passed(out, 0, outLength);
        out = new byte[0];
        return passed;
    }

    private void copyOut(byte[] buffer, int from, int to) {
        int size = to - from;
        if (size <= 0) {
            return;
        }
        if (outLength + size > out.length) {
            out = Arrays.copyOf(out, Math.max(outLength + size, out.length * 2));
        }
        System.arraycopy(buffer, from, out, outLength, size);
        outLength += size;
    }

    private void keepRest(byte[] buffer, int from, int limit, boolean fromPending) {
        int rest = limit - from;
        if (rest == 0) {
            pendingLength = 0;
            if (pending.length > 64 * 1024) {
                pending = new byte[0];
            }
        } else if (fromPending) {
            System.arraycopy(pending, from, pending, 0, rest);
            pendingLength = rest;
        } else {
            if (rest > pending.length) {
                pending = new byte[Math.max(rest, 512)];
            }
            System.arraycopy(buffer, from, pending, 0, rest);
            pendingLength = rest;
        }
    }

    private void append(byte[] input, int from, int to) {
        int size = to - from;
        if (pendingLength + size > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(pendingLength + size, pending.length * 2));
        }
        System.arraycopy(input, from, pending, pendingLength, size);
        pendingLength += size;
    }

    private record Verdict(boolean drop, int cutFrom, int cutTo) {
        static final Verdict PASS = new Verdict(false, -1, -1);
        static final Verdict DROP = new Verdict(true, -1, -1);
    }

    /** Reads the event whose lines stand in {@code [from, to)}. */
    private Verdict event(byte[] buffer, int from, int to) {
        if (failed) {
            return Verdict.DROP; // whatever a provider says after its error; the gateway ends the stream itself
        }
        int dataFrom = -1;
        int dataTo = -1;
        byte @Nullable [] joined = null;
        int at = from;
        if (atStart
                && to - from >= 3
                && (buffer[from] & 0xff) == 0xef
                && (buffer[from + 1] & 0xff) == 0xbb
                && (buffer[from + 2] & 0xff) == 0xbf) {
            at += 3;
        }
        atStart = false;
        while (at < to) {
            int lineTo = at;
            while (lineTo < to && buffer[lineTo] != '\n' && buffer[lineTo] != '\r') {
                lineTo++;
            }
            if (isData(buffer, at, lineTo)) {
                int valueFrom = Math.min(at + 5, lineTo);
                if (valueFrom < lineTo && buffer[valueFrom] == ' ') {
                    valueFrom++;
                }
                if (dataFrom < 0) {
                    dataFrom = valueFrom;
                    dataTo = lineTo;
                } else {
                    var before = joined == null ? Arrays.copyOfRange(buffer, dataFrom, dataTo) : joined;
                    joined = Arrays.copyOf(before, before.length + 1 + lineTo - valueFrom);
                    joined[before.length] = '\n';
                    System.arraycopy(buffer, valueFrom, joined, before.length + 1, lineTo - valueFrom);
                }
            }
            at = lineTo;
            while (at < to && (buffer[at] == '\n' || buffer[at] == '\r')) {
                at++;
            }
        }
        if (dataFrom < 0) {
            return Verdict.PASS;
        }
        return joined == null ? data(buffer, dataFrom, dataTo, true) : data(joined, 0, joined.length, false);
    }

    private static boolean isData(byte[] buffer, int from, int to) {
        return to - from >= 4
                && Arrays.equals(buffer, from, from + 4, DATA, 0, 4)
                && (to - from == 4 || buffer[from + 4] == ':');
    }

    private Verdict data(byte[] bytes, int from, int to, boolean inPlace) {
        if (to - from == DONE.length && Arrays.equals(bytes, from, to, DONE, 0, DONE.length)) {
            done = true;
            return Verdict.PASS;
        }
        scan.scan(bytes, from, to, tally);
        if (!scan.wellFormed) {
            return finishing ? Verdict.DROP : Verdict.PASS;
        }
        finished += scan.finished;
        if (scan.isError) {
            failed = true;
            return Verdict.DROP;
        }
        answering |= scan.hasChoices || scan.usageIsObject;
        if (modelServed == null && scan.modelTo > scan.modelFrom && scan.modelTo - scan.modelFrom <= 200) {
            modelServed = new String(bytes, scan.modelFrom, scan.modelTo - scan.modelFrom, StandardCharsets.UTF_8);
        }
        if (scan.serviceTier != null) {
            serviceTier = scan.serviceTier;
        }
        if (scan.usageKeyFrom < 0) {
            return Verdict.PASS;
        }
        if (scan.usageIsObject) {
            OpenAiUsage.read(bytes, scan.usageFrom, scan.usageTo, !tally.isEmpty())
                    .ifPresent(this::reported);
        }
        if (!stripUsage) {
            return Verdict.PASS;
        }
        if (!scan.hasChoices && scan.usageIsObject && scan.onlyReportsUsage(bytes, from, to)) {
            return Verdict.DROP;
        }
        return inPlace ? withoutMember(bytes, scan.usageKeyFrom, scan.usageTo) : Verdict.PASS;
    }

    private void reported(Usage read) {
        usage = read.in(serviceTier);
        spokenWhenReported = tally.totalBytes();
    }

    /** Cuts a member out, with the comma before it or, for the first member, the one after. */
    private static Verdict withoutMember(byte[] bytes, int keyFrom, int valueTo) {
        int before = keyFrom - 1;
        while (isBlank(bytes[before])) {
            before--;
        }
        if (bytes[before] == ',') {
            while (isBlank(bytes[before - 1])) {
                before--;
            }
            return new Verdict(false, before, valueTo);
        }
        int after = valueTo;
        while (isBlank(bytes[after])) {
            after++;
        }
        return new Verdict(false, keyFrom, bytes[after] == ',' ? after + 1 : valueTo);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The last usage the stream reported. */
    public Optional<Usage> usage() {
        return Optional.ofNullable(usage);
    }

    /** The model the upstream says it used, or empty. */
    public String modelServed() {
        return modelServed == null ? "" : modelServed;
    }

    /** What the model said so far. */
    public TextTally tally() {
        return tally;
    }

    /** How many bytes of text came after the usage that was reported last, and so are not in it. */
    public long bytesSinceUsage() {
        return usage == null ? 0 : tally.totalBytes() - spokenWhenReported;
    }

    /** Whether the stream reached its end: a finish reason of each choice, or {@code [DONE]}. */
    public boolean isComplete() {
        return (finished >= choices || done) && !failed;
    }

    /** Whether {@code [DONE]} has passed. */
    public boolean isDone() {
        return done;
    }

    /** Whether the upstream sent an error in the stream. */
    public boolean hasFailed() {
        return failed;
    }

    /** Whether some event was part of an answer; a failure that is said in words of the provider's own is not. */
    public boolean isAnswering() {
        return answering;
    }
}
