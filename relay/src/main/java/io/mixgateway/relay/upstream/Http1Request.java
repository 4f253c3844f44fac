package io.mixgateway.relay.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * A POST in HTTP/1.1's form (RFC 9112).
 *
 * @param host as the header says it, with the port unless that is 80
 * @param uri path and query, encoded
 * @param headers names and values without control characters
 */
record Http1Request(String host, String uri, MultiMap headers, Buffer body) {
    /** Up to here a body is copied behind the head: one piece of memory is one cheap system call. */
    private static final int COPIED_BODY_BYTES = 16 * 1024;

    private static final int USUAL_HEAD_BYTES = 512;

    /** @throws IllegalArgumentException for a header that would end its line, and so begin another header or request */
    Http1Request {
        headers.forEach((name, value) -> {
            requireOneLine(name);
            requireOneLine(value);
        });
    }

    private static void requireOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t') {
                throw new IllegalArgumentException("a header for a provider holds a control character");
            }
        }
    }

    /** The bytes to send. */
    ByteBuf encoded(ByteBufAllocator allocator) {
        var content = ((BufferInternal) body).getByteBuf(); // with indices of its own
        int length = content.readableBytes();
        boolean copied = length <= COPIED_BODY_BYTES;
        var head = allocator.ioBuffer(USUAL_HEAD_BYTES + (copied ? length : 0));
        ascii(head, "POST ");
        ascii(head, uri);
        ascii(head, " HTTP/1.1\r\nhost: ");
        ascii(head, host);
        ascii(head, "\r\n");
        headers.forEach((name, value) -> {
            ascii(head, name);
            head.writeShort((':' << 8) | ' ');
            ascii(head, value);
            head.writeShort(('\r' << 8) | '\n');
        });
        ascii(head, "content-length: ");
        ascii(head, Integer.toString(length));
        ascii(head, "\r\n\r\n");
        return copied ? head.writeBytes(content) : Unpooled.wrappedBuffer(head, content);
    }

    private static void ascii(ByteBuf out, String text) {
        ByteBufUtil.writeAscii(out, text);
    }
}
