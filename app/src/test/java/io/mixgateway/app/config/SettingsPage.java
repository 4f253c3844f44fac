package io.mixgateway.app.config;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes {@code docs/configuration.md} from the record tree and the presets. */
final class SettingsPage {
    private static final String INTRODUCTION = """
            # Configuration

            <!-- Written by SettingsPageTest from the code (-Ddocs.write=true). Do not edit. -->

            Without any file the gateway runs on its defaults. What differs goes into one YAML file: `DIR/mixgateway.yaml`
            in the data folder, or the file that `--config` names. `./mixgateway config check` reads it as `serve` does and
            says all that is wrong, with line and path.

            ```yaml
            server: {host: 127.0.0.1, port: 8080}
            providers:
              deepseek: {api-key: "${DEEPSEEK_API_KEY}"}  # a preset: its name and a key are whole
              mock:                                       # the name before the colon in `mock:gpt-4.1-mini`
                base-url: http://127.0.0.1:9001/v1
                api-key: ${MOCK_KEY}
                models:
                  - id: gpt-4.1-mini                      # as the provider calls it
                    price: {input: 0.40, cached-input: 0.10, output: 1.60}   # USD per million tokens
                    context: 128000
                    max-output: 16384
                  - {id: tiny, free: true}                # free must be said, never assumed
            models:
              best-mini: {route: ["mock:gpt-4.1-mini", "deepseek:deepseek-chat"]}
            limits: {max-body: 20MB, first-byte: 60s, total: 30m}
            ```

            ## Rules

            - **Environment variables in the file.** `${NAME}` stands for a variable, `${NAME:-default}` for one that may be
              missing or empty, `$${` for a plain `${`. A variable that is missing is an error that names it and the setting.
            - **Environment variables above the file.** `MIXGATEWAY_` and the setting's path in capitals, dots and hyphens as
              underscores: `MIXGATEWAY_LIMITS_FIRST_BYTE=30s` is `limits.first-byte`. Lists are written with commas. This works
              for every setting below that has a variable; a `MIXGATEWAY_…` variable that names none is warned of.
            - **Nothing unknown passes.** Misspelt keys, wrong types, keys given twice and prices that are not plain decimals of
              0 or more stop the start. Prices are kept exactly, to a nano-dollar per million tokens.
            - **A price that nobody said is not zero.** A model without a price is listed, and calls to it are answered
              503 `price_missing`. A class of tokens without its own rate is charged as the nearest one that has a rate.
            - **Presets.** A provider under a preset's name takes from it whatever is left out. Its key may also be in the
              environment: then it needs no entry at all. A key from the environment goes to the preset's own address only, and
              with another `base-url` the preset's models and prices do not count, unless `preset:` says that they do.
            - **Change without restart.** A changed file is in force within about a second, for calls that begin after it. A file
              with a problem changes nothing: the log says all that is wrong, and `/readyz` shows it. A file that has been emptied
              counts as one with a problem; `{}` in it says that there are no settings. `kill -HUP` reads the file again at once
              (not under `nohup`, which has that signal ignored). A change to one of these needs a restart, and the log says so:
              NEED_RESTART.
            - **Units.** Durations: `ms`, `s`, `m`, `h`, `d`. Sizes: `kB`, `MB`, `GB` (powers of 1000), `KiB`, `MiB`, `GiB` (of 1024).

            """;

    private SettingsPage() {}

    static String page() {
        return INTRODUCTION.replace("NEED_RESTART", String.join(", ", needRestart())) + settings() + presets();
    }

    /** What needs a restart, as the page's rules name it: {@code `server.…`}. */
    static List<String> needRestart() {
        return SettingTree.declared(Settings.class).stream()
                .filter(declared -> declared.setting().needsRestart())
                .map(declared -> "`" + declared.path() + (SettingTree.isScalar(declared) ? "`" : ".…`"))
                .toList();
    }

    private static String what(Setting setting) {
        return setting.value() + (setting.needsRestart() ? " A change needs a restart." : "");
    }

    private static String settings() {
        var page = new StringBuilder("## Settings\n");
        String section = "";
        for (var declared : SettingTree.declared(Settings.class)) {
            var top = declared.path().split("\\.", 2)[0];
            if (!top.equals(section)) {
                section = top;
                page.append("\n### ")
                        .append(top)
                        .append("\n\n")
                        .append(what(declared.setting()))
                        .append("\n\n")
                        .append("| setting | is | by default | what |\n|---|---|---|---|\n");
            } else {
                page.append(row(declared));
            }
        }
        return page + "\n";
    }

    private static String row(SettingTree.Declared declared) {
        var setting = declared.setting();
        var variable = SettingTree.isScalar(declared) ? "<br>`" + Overrides.variable(declared.path()) + "`" : "";
        var byDefault = setting.byDefault().isEmpty() ? absent(declared.type()) : "`" + setting.byDefault() + "`";
        return "| `" + declared.path() + "`" + variable + " | " + kind(declared.type()) + bounds(setting) + " | "
                + byDefault + " | " + what(setting) + " |\n";
    }

    private static String absent(Type type) {
        var raw = SettingTree.raw(type);
        boolean scalar = Scalars.of(raw).isPresent();
        return scalar ? "must be given" : "";
    }

    private static String bounds(Setting setting) {
        if (setting.most().isEmpty()) {
            return setting.least().isEmpty() ? "" : ", at least " + setting.least();
        }
        return setting.least().isEmpty()
                ? ", at most " + setting.most()
                : ", " + setting.least() + " to " + setting.most();
    }

    private static String kind(Type type) {
        var raw = SettingTree.raw(type);
        if (raw == Optional.class) {
            return kind(SettingTree.element(type));
        }
        if (raw == List.class) {
            return "list of " + kind(SettingTree.element(type));
        }
        if (raw == Map.class) {
            return "by name: " + kind(SettingTree.element(type));
        }
        return Scalars.of(raw).map(Scalars.Scalar::kind).orElse("settings");
    }

    private static String presets() {
        var page = """
                ## Presets

                Prices of presets are list prices of the day given; say your own where you pay others. Where a price depends on
                the prompt's length or the time of day, the dearest is given. [Adding one](adding-a-provider.md) takes minutes.

                | name | who | key in the environment | priced models |
                |---|---|---|---|
                """;
        return page + PresetRows.ENGLISH.all();
    }
}
