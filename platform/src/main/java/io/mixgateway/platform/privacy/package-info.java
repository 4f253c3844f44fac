/// What the program knows about people, and what becomes of it. Start at {@link
/// io.mixgateway.platform.privacy.DataMap}: one declaration for each column, log field, cookie and way out.
///
/// Always: what is not declared fails the build (`DataMapIT` walks the live schema; `app`'s privacy tests walk the log
/// fields, the cookies and the outlets); public documents and the retention job are made from the declarations, so
/// what we say and what we do are one thing. Not here: the words of the documents ({@code web}).
@org.jspecify.annotations.NullMarked
package io.mixgateway.platform.privacy;
