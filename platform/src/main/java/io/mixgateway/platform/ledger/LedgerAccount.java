package io.mixgateway.platform.ledger;

import static java.util.Objects.requireNonNull;

import io.mixgateway.relay.call.AccountId;

/**
 * A place where money is.
 *
 * @param owner an account's id, or {@code operator}
 * @param code what the money is there: {@code credit} for a customer, {@code usage_revenue}, {@code granted}, … for the
 *     operator
 * @param currency three letters
 */
public record LedgerAccount(String owner, String code, String currency) {
    static final String OPERATOR = "operator";
    static final String CREDIT = "credit";

    public LedgerAccount {
        requireNonNull(owner, "owner");
        requireNonNull(code, "code");
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("currency: " + currency + " (expected: three capital letters)");
        }
    }

    /** What a customer has to spend. */
    public static LedgerAccount credit(AccountId account, String currency) {
        return new LedgerAccount(account.value(), CREDIT, currency);
    }

    static LedgerAccount operator(String code, String currency) {
        return new LedgerAccount(OPERATOR, code, currency);
    }

    boolean isCredit() {
        return code.equals(CREDIT) && !owner.equals(OPERATOR);
    }
}
