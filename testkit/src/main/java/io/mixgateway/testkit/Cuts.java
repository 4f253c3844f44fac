package io.mixgateway.testkit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Ways to cut bytes into pieces, none of them empty. */
public final class Cuts {
    private static final int LONGEST_RANDOM_PIECE = 64;

    private Cuts() {}

    /** Pieces of {@code size} bytes, the last one perhaps shorter. */
    public static List<byte[]> every(byte[] bytes, int size) {
        var pieces = new ArrayList<byte[]>();
        for (int from = 0; from < bytes.length; from += size) {
            pieces.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
        }
        return pieces;
    }

    /** Two pieces, cut before byte {@code at}; one when that is an end. */
    public static List<byte[]> at(byte[] bytes, int at) {
        if (at <= 0 || at >= bytes.length) {
            return List.of(bytes.clone());
        }
        return List.of(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length));
    }

    /** Pieces of 1 to 64 bytes, mostly short ones: the same for the same seed. */
    public static List<byte[]> random(byte[] bytes, long seed) {
        var random = new Random(seed);
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        while (from < bytes.length) {
            int longest = 1 + random.nextInt(LONGEST_RANDOM_PIECE);
            int to = Math.min(bytes.length, from + 1 + random.nextInt(longest));
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces;
    }

    /** The pieces one after the other. */
    public static byte[] join(Iterable<byte[]> pieces) {
        var joined = new ByteArrayOutputStream();
        pieces.forEach(joined::writeBytes);
        return joined.toByteArray();
    }
}
