/// How people come in: passwords, sessions, and how often one may guess. Start at {@link
/// io.mixgateway.platform.signin.SignIn}.
///
/// Always: of a token only a digest is kept, of a password only its Argon2id hash; a known and an unknown address are
/// answered alike and in the same time; a session belongs to one person in one account. Not here: cookies and pages
/// ({@code web.session}), who people are ({@link io.mixgateway.platform.accounts}).
@NullMarked
package io.mixgateway.platform.signin;

import org.jspecify.annotations.NullMarked;
