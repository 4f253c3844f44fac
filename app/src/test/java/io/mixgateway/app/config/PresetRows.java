package io.mixgateway.app.config;

import io.mixgateway.app.catalog.ListPrices;
import io.mixgateway.app.catalog.Preset;
import io.mixgateway.app.catalog.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rows of the table of presets, the last one of the page of settings, in each language. */
enum PresetRows {
    ENGLISH(
            ", ",
            " (only with an entry in the file)",
            "%d, as of %s",
            "none: say prices for those you use",
            "none, at `%s`",
            "none: list yours with `free: true`"),
    CHINESE("、", "（仅当文件中有条目时）", "%d，截至 %s", "无：请为您使用的模型填写价格", "无，位于 `%s`", "无：请列出您的模型并注明 `free: true`"),
    KOREAN(
            ", ",
            "(파일에 항목이 있을 때만)",
            "%d, %s 기준",
            "없음: 쓰는 모델의 가격을 직접 적으세요",
            "없음, 주소 `%s`",
            "없음: 쓰는 모델을 `free: true`로 적으세요");

    private static final String RULE = "|---|---|---|---|\n";
    private static final Pattern TITLE = Pattern.compile("(?m)^\\| `([^`]+)` \\| \\[([^]]+)]");

    private final String comma;
    private final String notAutomatic;
    private final String priced;
    private final String unpriced;
    private final String local;
    private final String localModels;

    PresetRows(String comma, String notAutomatic, String priced, String unpriced, String local, String localModels) {
        this.comma = comma;
        this.notAutomatic = notAutomatic;
        this.priced = priced;
        this.unpriced = unpriced;
        this.local = local;
        this.localModels = localModels;
    }

    /** In the order of the presets, each with its line's end. */
    String all() {
        return all(Map.of());
    }

    /** @param titles by the presets' names, where they are not the presets' own */
    private String all(Map<String, String> titles) {
        var rows = new StringBuilder();
        Presets.bundled()
                .presets()
                .forEach((name, preset) -> rows.append("| `%s` | [%s](%s) | %s | %s |\n"
                        .formatted(
                                name,
                                titles.getOrDefault(name, preset.title()),
                                preset.docs(),
                                key(preset),
                                models(name, preset))));
        return rows.toString();
    }

    private String key(Preset preset) {
        if (preset.local()) {
            return local.formatted(preset.baseUrl());
        }
        var names = preset.keyVariables().stream().map(key -> "`" + key + "`").collect(Collectors.joining(comma));
        return preset.automatic() ? names : names + notAutomatic;
    }

    private String models(String name, Preset preset) {
        if (preset.local()) {
            return localModels;
        }
        return ListPrices.of(name)
                .map(list ->
                        priced.formatted(list.models().size(), list.pricedOn().orElseThrow()))
                .orElse(unpriced);
    }

    /** The page with these rows for those it has, under the titles that it has for them. */
    String in(Path page) throws IOException {
        var text = Files.readString(page);
        int from = text.lastIndexOf(RULE) + RULE.length();
        var titles = TITLE.matcher(text.substring(from))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
        return text.substring(0, from) + all(titles);
    }
}
