package io.mixgateway.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** Writes one {@link Answer} to a connection, doing what is to happen at each byte. */
final class AnswerWriter {
    private final UpstreamConnection connection;
    private final OutputStream out;
    private final Received request;
    private int nextAct;
    private long bodyAt;

    AnswerWriter(UpstreamConnection connection, OutputStream out, Received request) {
        this.connection = connection;
        this.out = out;
        this.request = request;
    }

    void write(Answer answer) throws IOException {
        if (answer.garbage != null) {
            send(answer, answer.garbage, 0, answer.garbage.length);
            request.answeredWhole();
            connection.close();
            return;
        }
        if (!act(answer, Answer.BEFORE_HEAD)) {
            return;
        }
        request.begun(answer.tokens);
        var head = head(answer).getBytes(ISO_8859_1);
        if (answer.framing == Answer.Framing.CONTENT_LENGTH && answer.acts.isEmpty() && answer.length < 4096) {
            // As servers do: a short answer in one write, head included, unless the test cut it.
            var pieces = answer.pieces.iterator();
            var first = pieces.hasNext() ? pieces.next() : new byte[0];
            if (!pieces.hasNext()) {
                var whole = Cuts.join(java.util.List.of(head, first));
                send(answer, whole, 0, whole.length);
                request.addSent(first.length);
                finish(answer);
                return;
            }
        }
        send(answer, head, 0, head.length);
        if (!act(answer, 0) || !body(answer)) {
            return;
        }
        if (answer.framing == Answer.Framing.CHUNKED) {
            send(answer, "0\r\n\r\n");
        }
        finish(answer);
    }

    private void finish(Answer answer) {
        request.answeredWhole();
        if (answer.closesAfter || answer.framing == Answer.Framing.UNTIL_CLOSE) {
            connection.close();
        }
    }

    private static String head(Answer answer) {
        var head = new StringBuilder("HTTP/1.1 ").append(answer.status).append(" Fake\r\n");
        answer.headers.forEach(header ->
                head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        switch (answer.framing) {
            case CONTENT_LENGTH ->
                head.append("Content-Length: ").append(answer.length).append("\r\n");
            case CHUNKED -> head.append("Transfer-Encoding: chunked\r\n");
            case UNTIL_CLOSE -> head.append("Connection: close\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** False when the answer ended before its end. */
    private boolean body(Answer answer) throws IOException {
        boolean chunked = answer.framing == Answer.Framing.CHUNKED;
        boolean first = true;
        for (byte[] piece : answer.pieces) {
            if (!first && answer.between.isPositive()) {
                Pauses.sleep(answer.between);
            }
            first = false;
            var framed = chunked ? framed(piece) : piece;
            int offset = chunked ? framed.length - piece.length - 2 : 0;
            int from = 0;
            // Acts inside this piece: send up to each, do it, go on. The chunk's header has told its full size.
            while (nextAct < answer.acts.size() && answer.acts.get(nextAct).bodyByte() < bodyAt + piece.length) {
                int to = offset + (int) (answer.acts.get(nextAct).bodyByte() - bodyAt);
                send(answer, framed, from, to - from);
                request.addSent(Math.max(0, to - Math.max(from, offset)));
                from = to;
                if (!act(answer, answer.acts.get(nextAct).bodyByte())) {
                    return false;
                }
            }
            send(answer, framed, from, framed.length - from);
            request.addSent(piece.length - Math.max(0, from - offset));
            bodyAt += piece.length;
            if (!act(answer, bodyAt)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] framed(byte[] piece) {
        return Cuts.join(java.util.List.of(
                (Integer.toHexString(piece.length) + "\r\n").getBytes(ISO_8859_1), piece, "\r\n".getBytes(ISO_8859_1)));
    }

    /** Does what is to happen up to and at this byte; false when nothing comes after it. */
    private boolean act(Answer answer, long at) throws IOException {
        while (nextAct < answer.acts.size() && answer.acts.get(nextAct).bodyByte() <= at) {
            switch (answer.acts.get(nextAct++).act()) {
                case Answer.Act.Pause(var time) -> awaitOrGone(time.toNanos());
                case Answer.Act.Hold(var gate) -> {
                    while (gate.getCount() > 0 && connection.gone().getCount() > 0) {
                        awaitOrGone(TimeUnit.MILLISECONDS.toNanos(1));
                    }
                }
                case Answer.Act.Stall() -> {
                    awaitOrGone(Long.MAX_VALUE);
                    return false;
                }
                case Answer.Act.Cut(var reset) -> {
                    connection.close(reset);
                    return false;
                }
            }
        }
        return true;
    }

    private void awaitOrGone(long nanos) throws IOException {
        try {
            if (connection.gone().await(nanos, TimeUnit.NANOSECONDS)) {
                throw new IOException("the connection went away");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void send(Answer answer, String text) throws IOException {
        var bytes = text.getBytes(ISO_8859_1);
        send(answer, bytes, 0, bytes.length);
    }

    private void send(Answer answer, byte[] bytes, int from, int count) throws IOException {
        for (int at = from; at < from + count; at += Math.min(answer.longestWrite, from + count - at)) {
            out.write(bytes, at, Math.min(answer.longestWrite, from + count - at));
        }
    }
}
