/// The privacy policy, the terms and the page about cookies, in each language, with every version that ever was in
/// force
/// and what changed between two. Start at {@link io.mixgateway.web.legal.LegalPages}.
///
/// Always: a version's text is a file and never changed once it was published; a change is a new date in `versions`.
/// The tables are made from {@link io.mixgateway.platform.privacy.DataMap}, {@link
/// io.mixgateway.platform.privacy.SetCookie}, {@link io.mixgateway.relay.outlet.Outlet} and {@link
/// io.mixgateway.platform.privacy.Promise}, so they say what the program does. Until the operator has said who they
/// are,
/// every page is marked as a draft. Not here: who accepted what.
@org.jspecify.annotations.NullMarked
package io.mixgateway.web.legal;
