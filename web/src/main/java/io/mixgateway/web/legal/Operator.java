package io.mixgateway.web.legal;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Who runs this gateway, as they say in the configuration.
 *
 * @param email where questions about privacy are sent
 * @param country whose law applies
 */
public record Operator(
        Optional<String> name,
        Optional<String> address,
        Optional<String> email,
        Optional<String> country,
        Optional<String> dataProtectionOfficer,
        Optional<String> representative) {
    /** Nobody yet. */
    public static final Operator UNKNOWN = new Operator(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Operator {
        requireNonNull(name, "name");
        requireNonNull(address, "address");
        requireNonNull(email, "email");
        requireNonNull(country, "country");
        requireNonNull(dataProtectionOfficer, "dataProtectionOfficer");
        requireNonNull(representative, "representative");
    }

    /** Whether what the law wants said of every operator is said; until then the documents are drafts. */
    public boolean isKnown() {
        return name.isPresent() && address.isPresent() && email.isPresent() && country.isPresent();
    }
}
