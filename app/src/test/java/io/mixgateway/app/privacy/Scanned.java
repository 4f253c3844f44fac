package io.mixgateway.app.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Everything that a run left behind, looked through for the word that must not be there and for the one that must. */
public final class Scanned {
    private final ByteScan content;
    private final ByteScan kept;

    /**
     * @param content what must be nowhere
     * @param kept what was kept on purpose
     */
    public Scanned(String content, String kept) {
        this.content = new ByteScan(content);
        this.kept = new ByteScan(kept);
    }

    public Scanned folder(Path folder) {
        content.folder(folder);
        kept.folder(folder);
        return this;
    }

    public Scanned text(String name, String text) {
        content.of(name, text.getBytes(UTF_8));
        kept.of(name, text.getBytes(UTF_8));
        return this;
    }

    /** Where content was found. */
    public List<String> content() {
        return content.found();
    }

    /** Where the planted word was found. */
    public List<String> kept() {
        return kept.found();
    }

    public long bytes() {
        return content.bytes();
    }

    public String report() {
        return String.format(
                Locale.ROOT,
                "%,d bytes in %d files scanned for %d forms; content found %d times, the planted word %d times",
                content.bytes(),
                content.files(),
                content.forms(),
                content.found().size(),
                kept.found().size());
    }
}
