package io.mixgateway.platform.privacy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One field of personal data and everything that is promised about it.
 *
 * @param uses what for, each with its legal basis; at least one
 * @param recipients who sees it beside the operator
 * @param export where it stands in a person's export, such as {@code profile.email}; empty for secrets and for what is
 *     never kept
 */
public record Field(
        Place place,
        Category category,
        Subject subject,
        Source source,
        List<Use> uses,
        Set<Recipient> recipients,
        Retention retention,
        Optional<String> export,
        Erasure erasure) {
    public Field {
        requireNonNull(place, "place");
        requireNonNull(category, "category");
        requireNonNull(subject, "subject");
        requireNonNull(source, "source");
        uses = List.copyOf(uses);
        recipients = Set.copyOf(recipients);
        requireNonNull(retention, "retention");
        requireNonNull(export, "export");
        requireNonNull(erasure, "erasure");
        if (uses.isEmpty()) {
            throw new IllegalArgumentException(place.shown() + ": has no use (expected: none is kept without one)");
        }
    }
}
