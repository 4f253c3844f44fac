package io.mixgateway.platform.ledger;

import java.util.Arrays;
import java.util.Locale;

/** Why money moves. Each kind has the operator's account that stands against the customer's credit. */
public enum TransferKind {
    /** Credit given by the operator, for nothing. */
    GRANT("granted"),
    /** Credit bought: money received by a payment. */
    TOP_UP("received"),
    /** Credit from a redeemed voucher. */
    VOUCHER("vouchers"),
    /** The costs of generations; booked only by the flush of the journal. */
    USAGE("usage_revenue"),
    /** Credit paid back as money. */
    REFUND("refunded"),
    /** Money taken back by a payment's bank. */
    CHARGEBACK("charged_back"),
    /** Credit that ran out of time. */
    EXPIRY("expired"),
    /** A correction by the operator, with a reason. */
    ADJUSTMENT("adjusted");

    private final String code = name().toLowerCase(Locale.ROOT);
    private final String against;

    TransferKind(String against) {
        this.against = against;
    }

    /** The name in JSON and in the database, such as {@code top_up}. */
    public String code() {
        return code;
    }

    /** The operator's account on the other side, in {@code currency}. */
    public LedgerAccount against(String currency) {
        return LedgerAccount.operator(against, currency);
    }

    /**
     * The kind of that {@link #code()}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static TransferKind of(String code) {
        return Arrays.stream(values())
                .filter(kind -> kind.code.equals(code))
                .findAny()
                .orElseThrow(
                        () -> new IllegalArgumentException("transfer kind: " + code + " (expected: a known kind)"));
    }
}
