package io.mixgateway.app.config;

import java.util.Locale;

/** The wire formats that a provider may be said to speak. */
public enum Dialect {
    OPENAI,
    OPENAI_RESPONSES,
    AZURE_OPENAI,
    ANTHROPIC,
    GEMINI,
    VERTEX,
    BEDROCK,
    COHERE,
    OLLAMA;

    /** Whether the relay speaks it today; the others are names kept for later. */
    public boolean isSpoken() {
        return this == OPENAI;
    }

    /** As the file writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
