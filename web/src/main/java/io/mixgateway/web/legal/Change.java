package io.mixgateway.web.legal;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of what changed between two versions.
 *
 * @param how whether it was put in, taken out, or stayed
 */
public record Change(How how, Block block) {
    public Change {
        requireNonNull(how, "how");
        requireNonNull(block, "block");
    }

    /** What became of a block. */
    public enum How {
        SAME,
        ADDED,
        REMOVED
    }

    /** The shortest way from one text to the other, by whole blocks (longest common subsequence). */
    static List<Change> between(List<Block> before, List<Block> after) {
        var common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        var changes = new ArrayList<Change>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                changes.add(new Change(How.SAME, before.get(i)));
                i++;
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                changes.add(new Change(How.REMOVED, before.get(i)));
                i++;
            } else {
                changes.add(new Change(How.ADDED, after.get(j)));
                j++;
            }
        }
        return changes;
    }
}
