package io.mixgateway.app.config;

import io.mixgateway.platform.privacy.Retention;
import io.mixgateway.platform.privacy.RetentionTimes;
import io.mixgateway.relay.http.Limits;
import io.mixgateway.relay.money.Nanos;
import io.mixgateway.web.legal.Operator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The whole configuration, as the file and the environment say it. Every setting has a default. */
public record Settings(
        @Setting(value = "Where the gateway listens.", needsRestart = true)
        Server server,

        @Setting(
                value = "The providers, by the name that stands before the colon in `provider:model`.",
                names = "[a-z0-9][a-z0-9_.-]{0,62}",
                namesAre = "small letters, digits, - _ and .")
        Map<String, ProviderSettings> providers,

        @Setting(
                value = "Your own model names, each for an ordered list of endpoints.",
                names = "[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,199}",
                namesAre = "letters, digits, - _ . : / and @")
        Map<String, RouteSettings> models,

        @Setting("What callers pay beside the providers' own prices.")
        Pricing pricing,

        @Setting("Bounds on calls. A change applies to calls that begin after it.")
        LimitSettings limits,

        @Setting("Calls that carry an `Idempotency-Key` (docs/idempotency.md).")
        IdempotencySettings idempotency,

        @Setting("The built-in provider that needs no network.")
        Sandbox sandbox,

        @Setting("Providers that are found rather than configured.")
        Discovery discovery,

        @Setting(value = "How long data are kept. Counted from the end of what they are about.", needsRestart = true)
        RetentionSettings retention,

        @Setting(
                value = "Who runs this gateway, for its legal pages: they are marked as drafts until name, address,"
                        + " email and country are filled in. A starting point, not legal advice.",
                needsRestart = true)
        OperatorSettings operator,

        @Setting(value = "What the log looks like.", needsRestart = true)
        Log log) {

    private static final List<String> NEED_RESTART = SettingTree.declared(Settings.class).stream()
            .filter(declared -> declared.setting().needsRestart())
            .map(SettingTree.Declared::path)
            .toList();

    /** What an empty file says. */
    public static Settings defaults() {
        return ConfigFile.read("", "defaults", Map.of()).settings();
    }

    /**
     * Reads the file, if one is given, with the environment's overrides above it.
     *
     * @throws ConfigException with all that is wrong
     */
    public static Settings load(Optional<Path> file, Map<String, String> environment) {
        var read = ConfigFile.read(file, environment);
        read.problems().throwIfAny(read.source());
        return read.settings();
    }

    /** The paths of the settings that are different in {@code other}, such as {@code limits.idle}. */
    public List<String> changesTo(Settings other) {
        return SettingTree.differences(this, other, "");
    }

    /** Whether a change to the setting at {@code path}, as {@link #changesTo} gives it, takes effect only with a restart. */
    public static boolean needsRestart(String path) {
        return NEED_RESTART.stream().anyMatch(top -> path.equals(top) || path.startsWith(top + "."));
    }

    /** Where the gateway listens. */
    public record Server(
            @Setting(value = "The address to listen on; `0.0.0.0` for all.", byDefault = "127.0.0.1")
            String host,

            @Setting(
                    value = "The port to listen on; 0 takes a free one.",
                    byDefault = "8080",
                    least = "0",
                    most = "65535")
            int port,

            @Setting("TLS, by a certificate and its key in PEM files. Left out: clear text.")
            Optional<Tls> tls) {}

    /** A certificate chain and its private key, both as PEM. */
    public record Tls(
            @Setting("The certificate chain, PEM.") Path certificate,
            @Setting("Its private key, PEM.") Path key) {}

    /** One of the operator's model names. */
    public record RouteSettings(
            @Setting("Endpoints as `provider:model`, best first.")
            List<String> route) {
        public RouteSettings {
            if (route.isEmpty()) {
                throw new IllegalArgumentException(
                        "route: is empty (expected: endpoints such as \"openai:gpt-4.1-mini\")");
            }
        }
    }

    /** What callers pay beside the providers' own prices. */
    public record Pricing(
            @Setting(
                    value = "What is added to every price, as a share of it: 0.05 is 5 %. What is free stays free.",
                    byDefault = "0",
                    most = "100")
            Nanos markup) {
        public Pricing {
            PriceSettings.millionths("markup", markup);
        }
    }

    /** Bounds on calls. */
    public record LimitSettings(
            @Setting(value = "The longest request body.", byDefault = "20MB", least = "1kB", most = "1GB")
            DataSize maxBody,

            @Setting(
                    value = "All header lines of a request together.",
                    needsRestart = true,
                    byDefault = "64KiB",
                    least = "1KiB",
                    most = "1MiB")
            DataSize maxHeaders,

            @Setting(value = "Until a connection to the provider stands.", byDefault = "2s", least = "1ms", most = "5m")
            Duration connect,

            @Setting(
                    value = "From sending the call until the provider's first byte.",
                    byDefault = "60s",
                    least = "1ms",
                    most = "1h")
            Duration firstByte,

            @Setting(value = "The longest silence within an answer.", byDefault = "60s", least = "1ms", most = "1h")
            Duration idle,

            @Setting(value = "The whole call.", byDefault = "30m", least = "1ms", most = "24h")
            Duration total,

            @Setting(
                    value = "Calls under way at once; more are answered 503 `overloaded`.",
                    byDefault = "20000",
                    least = "1",
                    most = "1000000")
            int maxConcurrentCalls) {

        /** As the relay takes them. */
        public Limits toLimits() {
            return new Limits(
                    maxBody.bytes(),
                    Math.toIntExact(maxHeaders.bytes()),
                    connect,
                    firstByte,
                    idle,
                    total,
                    maxConcurrentCalls);
        }
    }

    /** Calls that are made once. */
    public record IdempotencySettings(
            @Setting(
                    value = "How long a key stands for its call; after that it may be used anew.",
                    byDefault = "24h",
                    least = "1m",
                    most = "720h")
            Duration keep) {}

    /** The built-in provider. */
    public record Sandbox(
            @Setting(value = "Whether the provider `sandbox` is there.", byDefault = "true")
            boolean enabled) {}

    /** What becomes a provider by itself. */
    public record Discovery(
            @Setting(
                    value = "Makes a provider of each preset whose key variable, such as `OPENAI_API_KEY`, is set.",
                    byDefault = "true")
            boolean environmentKeys,

            @Setting(value = "Makes a provider of an Ollama that answers, its models free.", byDefault = "true")
            boolean ollama,

            @Setting(value = "Where an Ollama is looked for.", byDefault = "http://127.0.0.1:11434")
            java.net.URI ollamaUrl) {}

    /** How long data are kept. */
    public record RetentionSettings(
            @Setting(
                    value = "Single generations, by whole days (UTC). Their hourly sums and the books stay.",
                    byDefault = "400d",
                    least = "35d",
                    most = "3650d")
            Duration usageDetails,

            @Setting(value = "Keys that were revoked or expired.", byDefault = "90d", least = "1d", most = "3650d")
            Duration deadKeys,

            @Setting(value = "Set-up links that were used or expired.", byDefault = "7d", least = "1d", most = "90d")
            Duration usedLinks,

            @Setting(value = "Sessions that ended.", byDefault = "30d", least = "1d", most = "365d")
            Duration endedSessions) {

        /** As the platform takes them. */
        public RetentionTimes toTimes() {
            return new RetentionTimes(Map.of(
                    Retention.USAGE_DETAILS,
                    usageDetails,
                    Retention.DEAD_KEYS,
                    deadKeys,
                    Retention.USED_LINKS,
                    usedLinks,
                    Retention.ENDED_SESSIONS,
                    endedSessions));
        }
    }

    /** Who runs the gateway, as the law wants it said. */
    public record OperatorSettings(
            @Setting("The person or company, as registered.")
            Optional<String> name,

            @Setting("The postal address, in one line.") Optional<String> address,

            @Setting("Where questions about privacy are sent, an e-mail address.")
            Optional<String> email,

            @Setting("The country whose law applies, such as `Germany`.")
            Optional<String> country,

            @Setting("The data protection officer, where there is one.")
            Optional<String> dataProtectionOfficer,

            @Setting("The representative in the EU or UK, where one is needed.")
            Optional<String> representative) {

        /** As the legal pages take it. */
        public Operator toOperator() {
            return new Operator(name, address, email, country, dataProtectionOfficer, representative);
        }
    }

    /** The log. */
    public record Log(
            @Setting(value = "`json`, `text`, or `auto`: text on a terminal, else JSON.", byDefault = "auto")
            LogFormat format) {}

    /** How log lines look. */
    public enum LogFormat {
        AUTO,
        JSON,
        TEXT
    }
}
