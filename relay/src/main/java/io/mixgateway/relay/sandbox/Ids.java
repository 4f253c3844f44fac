package io.mixgateway.relay.sandbox;

import java.util.concurrent.ThreadLocalRandom;

/** Ids in OpenAI's form. Random, for no two answers may share one. */
final class Ids {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int CHAT_LENGTH = 29;
    private static final int CALL_LENGTH = 24;

    private Ids() {}

    static String chat() {
        return "chatcmpl-" + random(CHAT_LENGTH);
    }

    static String call() {
        return "call_" + random(CALL_LENGTH);
    }

    private static String random(int length) {
        var random = ThreadLocalRandom.current();
        var text = new StringBuilder(length);
        for (int at = 0; at < length; at++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
