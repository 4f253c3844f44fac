package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import gg.jte.Content;
import io.mixgateway.web.page.Language;
import io.mixgateway.web.page.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * One Markdown text, ready to be drawn. A line {@code {{first-call}}} or {@code {{stream}}} stands for the snippets of that
 * name, with this site's address in them.
 *
 * @param language what it is written in: English where there is no translation
 * @param parts HTML of our own and names of snippets, in turn, beginning with HTML
 */
public record Document(Language language, List<String> parts) {
    private static final Pattern SNIPPETS = Pattern.compile("<p>\\{\\{([a-z-]+)}}</p>");
    private static final Pattern LINK = Pattern.compile("href=\"(?:docs/)?([a-z-]+)\\.md(#[a-z0-9-]*)?\"");
    private static final Pattern OUTSIDE = Pattern.compile("<a href=\"(?!/|#|https?:)[^\"]*\">(.*?)</a>");
    private static final Pattern SHORT_NAME = Pattern.compile("\\S{1,36}");
    private static final List<org.commonmark.Extension> TABLES = List.of(TablesExtension.create());

    public Document {
        requireNonNull(language, "language");
        parts = List.copyOf(parts);
    }

    static Document read(Language language, String name) {
        var own = "/io/mixgateway/web/docs/" + language.code() + "/" + name + ".md";
        try (var file = Document.class.getResourceAsStream(own)) {
            if (file == null && language != Language.ENGLISH) {
                return read(Language.ENGLISH, name);
            }
            return of(language, new String(requireNonNull(file, own).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static Document of(Language language, String markdown) {
        var tree = Parser.builder().extensions(TABLES).build().parse(markdown);
        // Only files of this program are drawn so, but markup in them is none of their business either.
        var html = HtmlRenderer.builder()
                .extensions(TABLES)
                .attributeProviderFactory(_ -> Document::keepWhole)
                .build()
                .render(tree);
        html = html.replaceFirst("(?s)<h1>.*?</h1>", "")
                .replaceAll("<!--.*?-->", "")
                .replace("<table>", "<div class=\"table-wrap\" tabindex=\"0\"><table class=\"table\">")
                .replace("</table>", "</table></div>")
                .replace("<pre>", "<pre tabindex=\"0\">");
        var parts = new ArrayList<String>();
        int from = 0;
        var snippets = SNIPPETS.matcher(html);
        while (snippets.find()) {
            parts.add(html.substring(from, snippets.start()));
            parts.add(snippets.group(1));
            from = snippets.end();
        }
        parts.add(html.substring(from));
        return new Document(language, parts);
    }

    /** A short name in a line, such as {@code --database-url}, is not broken at its hyphens. */
    private static void keepWhole(Node node, String tag, Map<String, String> attributes) {
        if (node instanceof Code code && SHORT_NAME.matcher(code.getLiteral()).matches()) {
            attributes.put("class", "whole");
        }
    }

    /** A piece of HTML, with links to other documents led to their pages, and links to files of the repository taken off. */
    public Content html(Page page, String part) {
        var linked = LINK.matcher(part).replaceAll(found -> {
            var anchor = found.group(2) == null ? "" : found.group(2);
            return Documents.NAMES.contains(found.group(1))
                    ? "href=\"" + page.link("/docs/" + found.group(1)) + anchor + "\""
                    : "href=\"\"";
        });
        var safe = OUTSIDE.matcher(linked.replace("href=\"\"", "href=\"-\"")).replaceAll("$1");
        return output -> output.writeContent(safe.replace("http://127.0.0.1:8080", page.origin()));
    }
}
