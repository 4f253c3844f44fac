/// Signing in: the pages, the cookie, the list of sessions.
///
/// Start at {@link io.mixgateway.web.session.SignInPages}. Always: the cookie holds a random token and nothing else; a
/// wrong
/// address and a wrong password are answered alike. Not here: passwords and sessions themselves ({@code
/// platform.signin}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.web.session;
