package io.mixgateway.platform.journal;

import java.util.zip.CRC32C;

/**
 * How a record lies in a segment: four bytes of length, four bytes of CRC-32C over the payload, the payload; big
 * endian. A length of zero is no record, so a file that the system filled with zeros after a loss of power ends there.
 */
final class Frame {
    static final int HEADER = 8;
    static final int MAX_PAYLOAD = 1 << 20;

    private Frame() {}

    /** Fills in the header of the frame that starts at {@code start}, whose payload already lies behind it. */
    static void seal(byte[] bytes, int start, int payload) {
        putInt(bytes, start, payload);
        putInt(bytes, start + 4, crc(bytes, start + HEADER, payload));
    }

    /** The length of the payload of the frame at {@code start}; -1 when no whole, sound frame lies before {@code end}. */
    static int payload(byte[] bytes, int start, int end) {
        if (end - start < HEADER) {
            return -1;
        }
        int length = intAt(bytes, start);
        if (length <= 0 || length > MAX_PAYLOAD || length > end - start - HEADER) {
            return -1;
        }
        return crc(bytes, start + HEADER, length) == intAt(bytes, start + 4) ? length : -1;
    }

    private static int crc(byte[] bytes, int start, int length) {
        var crc = new CRC32C();
        crc.update(bytes, start, length);
        return (int) crc.getValue();
    }

    private static void putInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    private static int intAt(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }
}
