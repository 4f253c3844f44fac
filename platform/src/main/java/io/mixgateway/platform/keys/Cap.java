package io.mixgateway.platform.keys;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.ChangeRefused;
import io.mixgateway.relay.money.Nanos;
import java.util.Arrays;
import java.util.Locale;

/** The most a key may spend in a day, a week, a month, or ever. */
public record Cap(Nanos amount, Period per) {
    public Cap {
        requireNonNull(amount, "amount");
        requireNonNull(per, "per");
        if (amount.isNegative()) {
            throw new ChangeRefused("cap: " + amount + " (expected: 0 or more)");
        }
    }

    /** Over which time a cap counts. Days, weeks (from Monday) and months begin in the account's time zone. */
    public enum Period {
        DAY,
        WEEK,
        MONTH,
        TOTAL;

        /** As interfaces and the database write it: {@code day}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws ChangeRefused for any other word */
        public static Period of(String word) {
            return Arrays.stream(values())
                    .filter(period -> period.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new ChangeRefused("cap-per: " + word + " (expected: day, week, month, total)"));
        }
    }
}
