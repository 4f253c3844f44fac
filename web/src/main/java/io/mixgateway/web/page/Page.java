package io.mixgateway.web.page;

import static java.util.Objects.requireNonNull;

import gg.jte.Content;
import gg.jte.TemplateOutput;
import io.mixgateway.web.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The page that is being answered: its language and looks, and how it writes words, links, figures and times. Every
 * template gets one as {@code page}.
 */
public final class Page {
    private final Site site;
    private final Texts texts;
    private final Figures figures;
    private final Theme theme;
    private final Optional<String> viewer;
    private final String path;
    private final String query;
    private final String title;
    private final Optional<String> description;

    Page(
            Site site,
            Texts texts,
            Theme theme,
            Optional<String> viewer,
            String path,
            String query,
            String title,
            Optional<String> description) {
        this.site = requireNonNull(site, "site");
        this.texts = requireNonNull(texts, "texts");
        this.figures = new Figures(texts.language().locale());
        this.theme = requireNonNull(theme, "theme");
        this.viewer = requireNonNull(viewer, "viewer");
        this.path = requireNonNull(path, "path");
        this.query = requireNonNull(query, "query");
        this.title = requireNonNull(title, "title");
        this.description = requireNonNull(description, "description");
    }

    /** The same with a title, as plain text in the page's language. Every page has one. */
    public Page titled(String words) {
        return new Page(site, texts, theme, viewer, path, query, words, description);
    }

    /** The same with the sentence by which search engines and previews describe it. */
    public Page described(String words) {
        return new Page(site, texts, theme, viewer, path, query, title, Optional.of(words));
    }

    /** Draws {@code template}, such as {@code site/landing.jte}, with {@code parameters} beside the page itself. */
    public Answer draw(String template, Map<String, Object> parameters) {
        return draw(200, template, parameters);
    }

    public Answer draw(int status, String template, Map<String, Object> parameters) {
        var all = new HashMap<>(parameters);
        all.put("page", this);
        return Answer.html(status, site.templates().draw(template, all)).withHeader("vary", "cookie, accept-encoding");
    }

    public Language language() {
        return texts.language();
    }

    public Theme theme() {
        return theme;
    }

    /** Who is signed in, as they are called in the menu. */
    public Optional<String> viewer() {
        return viewer;
    }

    /** Without the language: {@code /models}; {@code /} for the landing page. */
    public String path() {
        return path;
    }

    public String title() {
        return title;
    }

    public Optional<String> description() {
        return description;
    }

    /** The words of {@code key}, as plain text. */
    public String t(String key, Object... values) {
        return texts.text(key, values);
    }

    /**
     * The words of {@code key} with the markup that stands in the bundle, such as {@code <code>}; what is put in is text
     * all the same.
     */
    public Content rich(String key, Object... values) {
        return new Content() {
            @Override
            public void writeTo(TemplateOutput output) {
                var safe = new Object[values.length];
                for (int i = 0; i < values.length; i++) {
                    safe[i] = Html.text(String.valueOf(values[i]));
                }
                output.writeContent(texts.text(key, safe));
            }
        };
    }

    /** Whether there are words for {@code key}: for keys made of codes that may be new. */
    public boolean says(String key) {
        return texts.has(key);
    }

    /** A page of this site in this language: {@code /models} becomes {@code /en/models}. */
    public String link(String to) {
        return "/" + language().code() + (to.equals("/") ? "" : to);
    }

    /** This very page in another language. */
    public String in(Language other) {
        return "/" + other.code() + (path.equals("/") ? "" : path) + (query.isEmpty() ? "" : "?" + query);
    }

    /** This very page, to come back to. */
    public String here() {
        return in(language());
    }

    /** Whether this page is {@code to} or below it, for marking where one is. */
    public boolean within(String to) {
        return path.equals(to) || path.startsWith(to + "/");
    }

    public String asset(String name) {
        return site.assets().url(name);
    }

    /** Where this site is, such as {@code http://127.0.0.1:8080}. */
    public String origin() {
        return site.origin();
    }

    public Figures figures() {
        return figures;
    }
}
