package io.mixgateway.platform.ledger;

/** The books say no. The message is for whoever asked: it holds no secret. Nothing was booked. */
public final class LedgerRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LedgerRefused(String message) {
        super(message);
    }
}
