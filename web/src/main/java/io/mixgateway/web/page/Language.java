package io.mixgateway.web.page;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Optional;

/** A language the pages are in. */
public enum Language {
    ENGLISH("en", "en", "English", Locale.US),
    CHINESE("zh", "zh-Hans", "简体中文", Locale.SIMPLIFIED_CHINESE),
    KOREAN("ko", "ko", "한국어", Locale.KOREA);

    private final String code;
    private final String tag;
    private final String ownName;
    private final Locale locale;

    Language(String code, String tag, String ownName, Locale locale) {
        this.code = code;
        this.tag = tag;
        this.ownName = ownName;
        this.locale = locale;
    }

    /** The first segment of its pages' paths: {@code en}. */
    public String code() {
        return code;
    }

    /** For the {@code lang} attribute (BCP 47). */
    public String tag() {
        return tag;
    }

    /** As those who speak it call it. */
    public String ownName() {
        return ownName;
    }

    public Locale locale() {
        return locale;
    }

    public static Optional<Language> of(String code) {
        return Arrays.stream(values())
                .filter(language -> language.code.equals(code))
                .findFirst();
    }

    /** The one that {@code acceptLanguage} (RFC 9110, 12.5.4) likes best; empty when it names none of ours, or makes no sense. */
    public static Optional<Language> liked(String acceptLanguage) {
        if (acceptLanguage.isBlank() || acceptLanguage.length() > 500) {
            return Optional.empty();
        }
        List<LanguageRange> ranges;
        try {
            ranges = LanguageRange.parse(acceptLanguage);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        return ranges.stream()
                .filter(range -> range.getWeight() > 0)
                .flatMap(range -> of(range.getRange().split("-", 2)[0]).stream())
                .findFirst();
    }
}
