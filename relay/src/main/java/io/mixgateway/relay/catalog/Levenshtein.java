package io.mixgateway.relay.catalog;

/** How many single-character edits lie between two words: for "did you mean". */
public final class Levenshtein {
    private static final int LONGEST = 100;

    private Levenshtein() {}

    /** The distance between the first hundred characters of each. */
    public static int distance(String one, String other) {
        int rows = Math.min(one.length(), LONGEST);
        int columns = Math.min(other.length(), LONGEST);
        var previous = new int[columns + 1];
        var current = new int[columns + 1];
        for (int column = 0; column <= columns; column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= rows; row++) {
            current[0] = row;
            for (int column = 1; column <= columns; column++) {
                int replaced = previous[column - 1] + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, Math.min(previous[column], current[column - 1]) + 1);
            }
            var swap = previous;
            previous = current;
            current = swap;
        }
        return previous[columns];
    }
}
