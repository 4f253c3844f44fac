package io.mixgateway.platform.privacy;

import static java.util.Objects.requireNonNull;

/**
 * A place that was looked at and tells nothing of anybody.
 *
 * @param why in a few words
 */
public record NotPersonal(Place place, String why) {
    public NotPersonal {
        requireNonNull(place, "place");
        requireNonNull(why, "why");
    }
}
