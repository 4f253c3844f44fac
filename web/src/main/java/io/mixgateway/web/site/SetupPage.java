package io.mixgateway.web.site;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.accounts.Setup;
import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import java.util.List;

/**
 * {@code /setup/{token}}: where the link of the first start leads. Tells its holder whether it works and what to do
 * next; looking does not use it up.
 */
public final class SetupPage {
    private final Setup setup;

    public SetupPage(Setup setup) {
        this.setup = requireNonNull(setup, "setup");
    }

    public List<Route> routes() {
        return List.of(Route.get("/setup/:token", Permission.SECRET_IN_PATH, this::show));
    }

    private Answer show(Asked asked) {
        return setup.look(asked.segment("token")).isPresent()
                ? Answer.html(200, works())
                : Answer.html(404, worksNot());
    }

    private static String works() {
        return Pages.page("Your gateway is set up", """
                <p class="lead">This link is valid, and it is yours: keep it as you would keep a password.</p>
                <p>The gateway is run from the command line, on the machine where it is installed. What an owner does first:</p>
                <pre><code>./mixgateway keys create --name laptop     # another API key
                ./mixgateway credits show                  # what the account has
                ./mixgateway credits grant --amount 20.00  # more of it
                ./mixgateway doctor                        # whether all is well</code></pre>
                <p>The first API key is in <code>first-run.json</code> in the data folder; \
                <a href="/">make the first call</a> with it.</p>
                """);
    }

    private static String worksNot() {
        return Pages.page("This link does not work", """
                <p role="alert">It was used before, a newer one was made, or it is more than seven days old.</p>
                <p>Whoever runs the gateway makes keys on its machine with <code>./mixgateway keys create</code>.</p>
                """);
    }
}
