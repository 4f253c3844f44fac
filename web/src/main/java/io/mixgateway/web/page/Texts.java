package io.mixgateway.web.page;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * Every word on the pages, by key, in each {@link Language}: the files {@code text/<language>/<bundle>.properties}.
 * {@code {0}}, {@code {1}}… stand for what is put in. A test holds that every language has every key.
 */
public final class Texts {
    /** The files of each language. A new one is named here. */
    static final List<String> BUNDLES = List.of("shell", "legal", "site", "session", "dashboard");

    private static final Map<Language, Texts> ALL = new EnumMap<>(Language.class);

    static {
        for (Language language : Language.values()) {
            ALL.put(language, new Texts(language));
        }
    }

    private final Language language;
    private final Map<String, String> byKey = new HashMap<>();

    private Texts(Language language) {
        this.language = language;
        for (String bundle : BUNDLES) {
            var file = "/io/mixgateway/web/text/" + language.code() + "/" + bundle + ".properties";
            var read = new Properties();
            try (var stream = requireNonNull(Texts.class.getResourceAsStream(file), file)) {
                read.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
            for (String key : read.stringPropertyNames()) {
                if (byKey.put(key, requireNonNull(read.getProperty(key))) != null) {
                    throw new IllegalStateException(key + " stands in two bundles of " + language.code());
                }
            }
        }
    }

    public static Texts in(Language language) {
        return requireNonNull(ALL.get(language));
    }

    public Language language() {
        return language;
    }

    public Set<String> keys() {
        return Set.copyOf(byKey.keySet());
    }

    public boolean has(String key) {
        return byKey.containsKey(key);
    }

    /**
     * The words of {@code key}, with {@code values} put in, as plain text.
     *
     * @throws IllegalStateException when there are none: a fault of ours, which a test finds first
     */
    public String text(String key, Object... values) {
        var words = byKey.get(key);
        if (words == null) {
            throw new IllegalStateException("text " + key + " is missing in " + language.code());
        }
        return fill(words, values);
    }

    static String fill(String words, Object... values) {
        if (values.length == 0 || words.indexOf('{') < 0) {
            return words;
        }
        var filled = new StringBuilder(words.length() + 32);
        for (int i = 0; i < words.length(); i++) {
            if (words.charAt(i) == '{'
                    && i + 2 < words.length()
                    && words.charAt(i + 2) == '}'
                    && Character.isDigit(words.charAt(i + 1))
                    && words.charAt(i + 1) - '0' < values.length) {
                filled.append(values[words.charAt(i + 1) - '0']);
                i += 2;
            } else {
                filled.append(words.charAt(i));
            }
        }
        return filled.toString();
    }
}
