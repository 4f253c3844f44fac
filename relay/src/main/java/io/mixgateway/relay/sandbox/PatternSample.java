package io.mixgateway.relay.sandbox;

import java.util.Optional;

/**
 * Texts that match a regular expression, for the part of the language that schemas use: literals, classes, groups,
 * alternatives, repetitions. What looks around or back is left out, so each text must still be checked.
 */
final class PatternSample {
    private static final int LONGEST = 4_000;
    private static final int DEEPEST = 50;
    private static final int FIRST_PRINTABLE = ' ';
    private static final int LAST_PRINTABLE = '~';

    private final String pattern;
    private final int extra;
    private final boolean optional;
    private final int salt;
    private int at;

    private PatternSample(String pattern, int extra, boolean optional, int salt) {
        this.pattern = pattern;
        this.extra = extra;
        this.optional = optional;
        this.salt = salt;
    }

    /** Raised for what this does not read. */
    private static final class Unread extends RuntimeException {
        Unread() {
            super("unread", null, false, false);
        }
    }

    /**
     * @param extra how often more than the least to repeat what may be repeated
     * @param optional whether that counts for what may be repeated only so often, too
     * @param salt makes other texts
     */
    static Optional<String> of(String pattern, int extra, boolean optional, int salt) {
        try {
            var sample = new PatternSample(pattern, extra, optional, salt);
            var text = sample.alternatives(0);
            return sample.at == pattern.length() ? Optional.of(text) : Optional.empty();
        } catch (Unread | StringIndexOutOfBoundsException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private boolean more() {
        return at < pattern.length();
    }

    private boolean takes(String expected) {
        if (pattern.startsWith(expected, at)) {
            at += expected.length();
            return true;
        }
        return false;
    }

    private String alternatives(int depth) {
        if (depth > DEEPEST) {
            throw new Unread();
        }
        var alternatives = new java.util.ArrayList<String>();
        do {
            alternatives.add(sequence(depth));
        } while (takes("|"));
        return alternatives.get(Math.floorMod(salt, alternatives.size()));
    }

    private String sequence(int depth) {
        var text = new StringBuilder();
        while (more() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            int from = at;
            var atom = atom(depth);
            int atomEnd = at;
            int times = repetitions();
            if ((long) text.length() + (long) atom.length() * times > LONGEST) {
                throw new Unread();
            }
            text.repeat(atom, times);
            if (atomEnd == from) {
                throw new Unread();
            }
        }
        return text.toString();
    }

    private String atom(int depth) {
        char first = pattern.charAt(at++);
        return switch (first) {
            case '^', '$' -> "";
            case '.' -> "x";
            case '[' -> charClass();
            case '(' -> group(depth);
            case '\\' -> escape();
            case '*', '+', '?' -> throw new Unread();
            default -> String.valueOf(first);
        };
    }

    private String group(int depth) {
        boolean looksAround = takes("?=") || takes("?!") || takes("?<=") || takes("?<!");
        if (!looksAround && !takes("?:") && takes("?<")) {
            at = pattern.indexOf('>', at) + 1;
        }
        var inside = alternatives(depth + 1);
        if (!takes(")")) {
            throw new Unread();
        }
        return looksAround ? "" : inside;
    }

    /** How often what stands before is repeated here. */
    private int repetitions() {
        int least = 1;
        int most = 1;
        if (takes("*")) {
            least = 0;
            most = Integer.MAX_VALUE;
        } else if (takes("+")) {
            most = Integer.MAX_VALUE;
        } else if (takes("?")) {
            least = 0;
        } else if (pattern.startsWith("{", at) && at + 1 < pattern.length() && isDigit(pattern.charAt(at + 1))) {
            int end = pattern.indexOf('}', at);
            var bounds = pattern.substring(at + 1, end).split(",", -1);
            least = Integer.parseInt(bounds[0]);
            most = bounds.length == 1 ? least : bounds[1].isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(bounds[1]);
            at = end + 1;
        } else {
            return 1;
        }
        if (!takes("?")) {
            takes("+");
        }
        return optional || most == Integer.MAX_VALUE ? (int) Math.min(most, (long) least + extra) : least;
    }

    private static boolean isDigit(char value) {
        return value >= '0' && value <= '9';
    }

    private String escape() {
        char kind = pattern.charAt(at++);
        return switch (kind) {
            case 'b', 'B', 'A', 'Z', 'z' -> "";
            case 'd' -> String.valueOf((char) ('0' + Math.floorMod(salt + 1, 10)));
            case 'w' -> String.valueOf((char) ('a' + Math.floorMod(salt, 26)));
            case 's' -> " ";
            case 'D', 'S' -> "x";
            case 'W' -> "-";
            case 'p' -> property();
            case 'P' -> {
                property();
                yield "-";
            }
            default -> {
                at--;
                yield String.valueOf((char) escapedChar());
            }
        };
    }

    private String property() {
        if (!takes("{")) {
            throw new Unread();
        }
        int end = pattern.indexOf('}', at);
        var name = pattern.substring(at, end);
        at = end + 1;
        return switch (name) {
            case "Lu", "Uppercase" -> "A";
            case "N", "Nd", "Digit" -> "1";
            case "P", "Punct" -> "-";
            case "Z", "Zs" -> " ";
            default -> "a";
        };
    }

    /** After a backslash: a character that is meant as itself, or named by its number. */
    private int escapedChar() {
        char kind = pattern.charAt(at++);
        return switch (kind) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> '\u000b';
            case '0' -> 0;
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> throw new Unread();
            default -> kind;
        };
    }

    private int hex(int digits) {
        int value = Integer.parseInt(pattern.substring(at, at + digits), 16);
        at += digits;
        return value;
    }

    /** A character of the class that begins here: one of its own, or of a negated class the first printable one. */
    private String charClass() {
        boolean negated = takes("^");
        var members = new java.util.BitSet();
        boolean first = true;
        while (first || pattern.charAt(at) != ']') {
            first = false;
            int from = member(members);
            if (from >= 0 && pattern.startsWith("-", at) && pattern.charAt(at + 1) != ']') {
                at++;
                int to = member(members);
                members.set(from, Math.max(from, to) + 1);
            }
        }
        at++;
        if (negated) {
            for (int candidate : new int[] {'a' + Math.floorMod(salt, 26), 'x', 'A', '0', '-', '_', ' '}) {
                if (!members.get(candidate)) {
                    return String.valueOf((char) candidate);
                }
            }
            members.flip(FIRST_PRINTABLE, LAST_PRINTABLE + 1);
            members.clear(0, FIRST_PRINTABLE);
        }
        int size = Math.min(members.cardinality(), LAST_PRINTABLE);
        if (size == 0) {
            throw new Unread();
        }
        int member = members.nextSetBit(0);
        for (int skip = Math.floorMod(salt, size); skip > 0; skip--) {
            member = members.nextSetBit(member + 1);
        }
        return String.valueOf((char) member);
    }

    /** Adds a member or a set of them, and answers the one character, or -1 for a set. */
    private int member(java.util.BitSet members) {
        char first = pattern.charAt(at++);
        if (first != '\\') {
            members.set(first);
            return first;
        }
        char kind = pattern.charAt(at);
        switch (kind) {
            case 'd' -> members.set('0', '9' + 1);
            case 'w' -> {
                members.set('a', 'z' + 1);
                members.set('A', 'Z' + 1);
                members.set('0', '9' + 1);
                members.set('_');
            }
            case 's' -> members.set(' ');
            case 'D', 'S' -> members.set('x');
            case 'W' -> members.set('-');
            case 'p' -> {
                at++;
                members.set(property().charAt(0));
                return -1;
            }
            case 'b' -> members.set('\b');
            default -> {
                int value = escapedChar();
                members.set(value);
                return value;
            }
        }
        at++;
        return -1;
    }
}
