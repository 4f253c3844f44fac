package io.mixgateway.relay.view;

/** A stretch of the body's bytes: {@code from} inclusive, {@code to} exclusive. */
public record Span(int from, int to) {
    public static final Span NOWHERE = new Span(-1, -1);

    public boolean exists() {
        return from >= 0;
    }

    public int length() {
        return to - from;
    }
}
