package io.mixgateway.relay.view;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The body for one upstream: the client's bytes with a few stretches replaced. Everything outside them is
 * passed on by position, never rewritten.
 */
public final class Splice {
    private static final byte[] ASK_FOR_USAGE = "{\"include_usage\":true}".getBytes(StandardCharsets.UTF_8);

    private final RequestView view;
    private final List<Edit> edits = new ArrayList<>(2);

    private record Edit(Span span, byte[] text) {}

    /** A run of bytes of some array, to be sent as it is. */
    public record Piece(byte[] array, int from, int to) {}

    public Splice(RequestView view) {
        this.view = view;
    }

    /** Sends {@code model} instead of what the client wrote, unless that is the same. */
    public Splice model(String model) {
        if (!model.equals(view.model())) {
            edits.add(new Edit(view.modelSpan(), quoted(model)));
        }
        return this;
    }

    /** Asks the upstream for the usage chunk of a stream, in whatever way the client's {@code stream_options} leave room for. */
    public Splice askForUsage() {
        if (view.wantsUsage()) {
            return this;
        }
        if (view.includeUsage().exists()) {
            edits.add(new Edit(view.includeUsage(), bytes("true")));
        } else if (!view.streamOptions().exists()) {
            int afterBrace = indexOf('{', 0) + 1;
            edits.add(
                    new Edit(new Span(afterBrace, afterBrace), bytes("\"stream_options\":{\"include_usage\":true},")));
        } else if (byteAt(view.streamOptions().from()) == 'n') {
            edits.add(new Edit(view.streamOptions(), ASK_FOR_USAGE));
        } else {
            int afterBrace = view.streamOptions().from() + 1;
            boolean empty = byteAt(firstNonBlankFrom(afterBrace)) == '}';
            edits.add(new Edit(new Span(afterBrace, afterBrace), bytes("\"include_usage\":true" + (empty ? "" : ","))));
        }
        return this;
    }

    /** Leaves {@code stream_options} out, with the one comma that goes with it. */
    public Splice withoutStreamOptions() {
        if (view.streamOptions().exists()) {
            int colon = lastNonBlankBefore(view.streamOptions().from());
            int keyEnd = lastNonBlankBefore(colon);
            int key = keyEnd - 1; // the name has no quotes in it, however it was written
            while (byteAt(key) != '"') {
                key--;
            }
            int before = lastNonBlankBefore(key);
            int after = firstNonBlankFrom(view.streamOptions().to());
            var stretch = byteAt(before) == ','
                    ? new Span(before, view.streamOptions().to())
                    : new Span(
                            key,
                            byteAt(after) == ','
                                    ? after + 1
                                    : view.streamOptions().to());
            edits.add(new Edit(stretch, new byte[0]));
        }
        return this;
    }

    /** The body in the pieces it consists of, in order. */
    public List<Piece> pieces() {
        edits.sort(Comparator.comparingInt(edit -> edit.span().from()));
        var body = view.body().bytes();
        var pieces = new ArrayList<Piece>(2 * edits.size() + 1);
        int at = 0;
        for (Edit edit : edits) {
            if (edit.span().from() > at) {
                pieces.add(new Piece(body, at, edit.span().from()));
            }
            if (edit.text().length > 0) {
                pieces.add(new Piece(edit.text(), 0, edit.text().length));
            }
            at = edit.span().to();
        }
        if (at < body.length) {
            pieces.add(new Piece(body, at, body.length));
        }
        return pieces;
    }

    /** The body as one run of bytes: the client's own when nothing is replaced. */
    public byte[] joined() {
        if (edits.isEmpty()) {
            return view.body().bytes();
        }
        var pieces = pieces();
        int length = 0;
        for (var piece : pieces) {
            length += piece.to() - piece.from();
        }
        var whole = new byte[length];
        int at = 0;
        for (var piece : pieces) {
            System.arraycopy(piece.array(), piece.from(), whole, at, piece.to() - piece.from());
            at += piece.to() - piece.from();
        }
        return whole;
    }

    private int indexOf(char wanted, int from) {
        int at = from;
        while (byteAt(at) != wanted) {
            at++;
        }
        return at;
    }

    private int firstNonBlankFrom(int from) {
        int at = from;
        while (isBlank(byteAt(at))) {
            at++;
        }
        return at;
    }

    private int lastNonBlankBefore(int end) {
        int at = end - 1;
        while (isBlank(byteAt(at))) {
            at--;
        }
        return at;
    }

    private byte byteAt(int at) {
        return view.body().bytes()[at];
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] quoted(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return bytes(out.append('"').toString());
    }
}
