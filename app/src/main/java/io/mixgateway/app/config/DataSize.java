package io.mixgateway.app.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** A number of bytes, written as {@code 20MB}: kB, MB and GB are powers of 1000, KiB, MiB and GiB of 1024. */
public record DataSize(long bytes) implements Comparable<DataSize> {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,12})\\s?(B|kB|MB|GB|KiB|MiB|GiB)", Pattern.CASE_INSENSITIVE);

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: 0 or more)");
        }
    }

    /**
     * Reads the form above; the unit must be there, in any case.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static DataSize parse(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        long unit = switch (parts.group(2).toLowerCase(Locale.ROOT)) {
            case "b" -> 1;
            case "kb" -> 1000;
            case "mb" -> 1_000_000;
            case "gb" -> 1_000_000_000;
            case "kib" -> 1 << 10;
            case "mib" -> 1 << 20;
            default -> 1 << 30;
        };
        return new DataSize(Math.multiplyExact(Long.parseLong(parts.group(1)), unit));
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }
}
