package io.mixgateway.web.legal;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A piece of a document, as it is written in its file: a heading ({@code ## …}), an item of a list ({@code - …}), a
 * generated table ({@code [[fields]]}), or a paragraph.
 *
 * @param text plain text, without the marks of its kind
 */
public record Block(Kind kind, String text) {
    public Block {
        requireNonNull(kind, "kind");
        requireNonNull(text, "text");
    }

    /** What it is. */
    public enum Kind {
        HEADING,
        ITEM,
        TABLE,
        PARAGRAPH
    }

    /** Reads a file's text: one block a line, lines in between empty. */
    static List<Block> read(String text) {
        var blocks = new ArrayList<Block>();
        for (String line :
                text.lines().map(String::strip).filter(one -> !one.isEmpty()).toList()) {
            if (line.startsWith("## ")) {
                blocks.add(new Block(Kind.HEADING, line.substring(3)));
            } else if (line.startsWith("- ")) {
                blocks.add(new Block(Kind.ITEM, line.substring(2)));
            } else if (line.startsWith("[[") && line.endsWith("]]")) {
                blocks.add(new Block(Kind.TABLE, line.substring(2, line.length() - 2)));
            } else {
                blocks.add(new Block(Kind.PARAGRAPH, line));
            }
        }
        return List.copyOf(blocks);
    }

    /** The same with {@code {name}} and the like put in, as text. */
    Block with(Map<String, String> values) {
        var filled = text;
        for (var value : values.entrySet()) {
            filled = filled.replace("{" + value.getKey() + "}", value.getValue());
        }
        return new Block(kind, filled);
    }
}
