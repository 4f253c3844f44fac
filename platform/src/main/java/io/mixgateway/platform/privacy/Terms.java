package io.mixgateway.platform.privacy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What several fields have in common, so that each declaration says only what is its own. */
record Terms(
        Subject subject,
        Source source,
        Retention retention,
        Erasure erasure,
        List<Use> uses,
        Set<Recipient> recipients) {
    Terms {
        requireNonNull(subject, "subject");
        requireNonNull(source, "source");
        requireNonNull(retention, "retention");
        requireNonNull(erasure, "erasure");
        uses = List.copyOf(uses);
        recipients = Set.copyOf(recipients);
    }

    /** In the database, and so seen by whoever hosts it. */
    static Terms of(Subject subject, Source source, Retention retention, Erasure erasure) {
        return new Terms(subject, source, retention, erasure, List.of(), Set.of(Recipient.HOSTING));
    }

    Terms use(Purpose purpose, LegalBasis basis) {
        var more = new ArrayList<>(uses);
        more.add(new Use(purpose, basis));
        return new Terms(subject, source, retention, erasure, more, recipients);
    }

    Terms seenBy(Recipient first, Recipient... others) {
        return new Terms(subject, source, retention, erasure, uses, EnumSet.of(first, others));
    }

    Terms from(Source other) {
        return new Terms(subject, other, retention, erasure, uses, recipients);
    }

    /** A field that a person's export shows. */
    Field field(Place place, Category category, String export) {
        return new Field(place, category, subject, source, uses, recipients, retention, Optional.of(export), erasure);
    }

    /** A field that no export shows: a secret, or what is not kept. */
    Field hidden(Place place, Category category) {
        return new Field(place, category, subject, source, uses, recipients, retention, Optional.empty(), erasure);
    }
}
