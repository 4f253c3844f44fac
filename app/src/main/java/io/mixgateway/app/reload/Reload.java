package io.mixgateway.app.reload;

import io.mixgateway.app.config.Problem;
import java.util.List;

/** What came of a change to the configuration file. */
public sealed interface Reload {

    /**
     * The new configuration is in force.
     *
     * @param changed the settings that differ from before, by path
     * @param needRestart those among them that take effect only with a restart
     */
    record Applied(List<String> changed, List<String> needRestart) implements Reload {}

    /** The new configuration has problems, so the one before stays in force. */
    record Refused(String source, List<Problem> problems) implements Reload {}

    /** The new configuration is sound but could not be put in force just now; it is tried again. */
    record Postponed(String reason) implements Reload {}
}
