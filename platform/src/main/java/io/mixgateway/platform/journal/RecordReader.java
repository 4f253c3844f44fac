package io.mixgateway.platform.journal;

import io.mixgateway.relay.call.AccountId;
import io.mixgateway.relay.call.Attempt;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.call.GenerationId;
import io.mixgateway.relay.call.KeyId;
import io.mixgateway.relay.call.Outcome;
import io.mixgateway.relay.meter.Usage;
import io.mixgateway.relay.meter.UsageSource;
import io.mixgateway.relay.money.Nanos;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads what {@link RecordWriter} wrote. The checksum has been compared before, so a fault here is a newer version's record or a bug. */
final class RecordReader {
    private static final Map<String, Outcome> OUTCOMES =
            Arrays.stream(Outcome.values()).collect(Collectors.toMap(Outcome::code, Function.identity()));
    private static final Map<String, UsageSource> SOURCES =
            Arrays.stream(UsageSource.values()).collect(Collectors.toMap(UsageSource::code, Function.identity()));

    private final byte[] bytes;
    private final int end;
    private int at;

    private final Words words;

    private RecordReader(byte[] bytes, int start, int length, Words words) {
        this.bytes = bytes;
        this.words = words;
        this.at = start;
        this.end = start + length;
    }

    /**
     * Reads the payload of one record.
     *
     * @param words texts that other records had
     * @throws IllegalArgumentException when a newer version wrote it
     */
    static Settled read(byte[] bytes, int start, int length, Words words) {
        return new RecordReader(bytes, start, length, words).settled();
    }

    private Settled settled() {
        long version = number();
        if (version != RecordWriter.VERSION) {
            throw new IllegalArgumentException(
                    "journal record version: " + version + " (expected: " + RecordWriter.VERSION + ")");
        }
        int count = count();
        var budgets = new ArrayList<Long>(count);
        for (int i = 0; i < count; i++) {
            budgets.add(number());
        }
        return new Settled(generation(), budgets);
    }

    private Generation generation() {
        return new Generation(
                new GenerationId(unique()),
                Instant.ofEpochMilli(number()),
                new AccountId(text()),
                new KeyId(text()),
                text(),
                text(),
                text(),
                text(),
                text(),
                number() != 0,
                known(OUTCOMES, text()),
                usage(),
                known(SOURCES, text()),
                new Nanos(number()),
                new Nanos(number()),
                text(),
                number(),
                number(),
                attempts());
    }

    private Usage usage() {
        return new Usage(
                number(), number(), number(), number(), number(), number(), number(), number(), number(), number(),
                number());
    }

    private List<Attempt> attempts() {
        int count = count();
        var attempts = new ArrayList<Attempt>(count);
        for (int i = 0; i < count; i++) {
            attempts.add(new Attempt(text(), (int) number(), text()));
        }
        return attempts;
    }

    private static <T> T known(Map<String, T> words, String word) {
        T value = words.get(word);
        if (value == null) {
            throw new IllegalArgumentException(
                    "journal record: " + word + " (expected: one of " + words.keySet() + ")");
        }
        return value;
    }

    private int count() {
        long count = number();
        if (count < 0 || count > end - at) {
            throw new IllegalArgumentException("journal record: a count of " + count + " (expected: what fits)");
        }
        return (int) count;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                break;
            }
            byte next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IllegalArgumentException("journal record: a number that does not end (expected: at most ten bytes)");
    }

    private String text() {
        int length = count();
        var text = words.text(bytes, at, length);
        at += length;
        return text;
    }

    private String unique() {
        int length = count();
        var text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }
}
