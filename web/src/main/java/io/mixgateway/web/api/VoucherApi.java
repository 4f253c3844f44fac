package io.mixgateway.web.api;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.ledger.Ledger;
import io.mixgateway.platform.ledger.LedgerRefused;
import io.mixgateway.platform.ledger.Vouchers;
import io.mixgateway.relay.call.CallRefused;
import io.mixgateway.relay.call.Refusal;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import java.util.LinkedHashMap;
import java.util.List;

/** {@code POST /api/v1/vouchers/redeem} with the form field {@code code}: gives the key's account what the code is worth, once. */
public final class VoucherApi {
    private static final int LONGEST = 100;

    private final Vouchers vouchers;
    private final Ledger ledger;

    public VoucherApi(Vouchers vouchers, Ledger ledger) {
        this.vouchers = requireNonNull(vouchers, "vouchers");
        this.ledger = requireNonNull(ledger, "ledger");
    }

    public List<Route> routes() {
        return List.of(Route.post("/api/v1/vouchers/redeem", Permission.API_KEY, this::redeem));
    }

    private Answer redeem(Asked asked) {
        var account = asked.signedCaller().account();
        var code = asked.form().getOrDefault("code", "");
        if (code.isBlank() || code.length() > LONGEST) {
            throw new CallRefused(Refusal.INVALID_REQUEST, "Send the voucher's code as the form field 'code'.", "code");
        }
        try {
            var transfer = vouchers.redeem(account, code);
            var balances = ledger.balances(account);
            var document = new LinkedHashMap<String, Object>();
            document.put("account", account.value());
            document.put("transfer", Long.toString(transfer.id()));
            document.put("repeated", transfer.repeated());
            document.put("currency", balances.currency());
            document.put("balance", balances.balance().toDecimal());
            document.put("available", balances.available().toDecimal());
            return Answer.json(document);
        } catch (LedgerRefused refused) {
            throw new CallRefused(Refusal.INVALID_REQUEST, String.valueOf(refused.getMessage()), "code");
        }
    }
}
