/// Who pays and who signs in. Start at {@link io.mixgateway.platform.accounts.Accounts}.
///
/// Always: an e-mail address belongs to one account and one person, however its letters are cased; the first account,
/// the
/// owner's, is made once, whichever node comes first; a set-up link works once.
///
/// Not here: balances (`ledger`), API keys (`keys`), sign-in itself.
@NullMarked
package io.mixgateway.platform.accounts;

import org.jspecify.annotations.NullMarked;
