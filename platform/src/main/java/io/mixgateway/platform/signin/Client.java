package io.mixgateway.platform.signin;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Where a sign-in comes from, already as coarse as it is kept.
 *
 * @param browser by family, such as {@code Firefox, Linux}
 * @param network IPv4 to /24, IPv6 to /48; this machine by its whole address
 */
public record Client(String browser, String network) {
    private static final List<String> BROWSERS = List.of("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl");
    private static final List<String> SYSTEMS = List.of("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux");

    /** @param address as digits; anything else is told as unknown */
    public static Client of(String userAgent, String address) {
        return new Client(family(userAgent), network(address));
    }

    private static String family(String userAgent) {
        var browser = BROWSERS.stream().filter(userAgent::contains).findFirst().orElse("");
        var system = SYSTEMS.stream().filter(userAgent::contains).findFirst().orElse("");
        var name = switch (browser) {
            case "Edg" -> "Edge";
            case "OPR" -> "Opera";
            default -> browser;
        };
        var on = system.equals("Mac OS X") ? "macOS" : system;
        if (name.isEmpty()) {
            return on.isEmpty() ? "?" : on;
        }
        return on.isEmpty() ? name : name + ", " + on;
    }

    /** {@code 203.0.113.7} becomes {@code 203.0.113.0/24}. */
    static String network(String address) {
        if (!address.matches("[0-9a-fA-F:.%]{2,60}")) {
            return "?";
        }
        try {
            var parsed = InetAddress.ofLiteral(address.split("%", 2)[0]);
            if (parsed.isLoopbackAddress()) {
                return parsed.getHostAddress().toLowerCase(Locale.ROOT);
            }
            var bytes = parsed.getAddress();
            int kept = bytes.length == 4 ? 3 : 6;
            for (int i = kept; i < bytes.length; i++) {
                bytes[i] = 0;
            }
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + kept * 8;
        } catch (IllegalArgumentException | UnknownHostException _) {
            return "?";
        }
    }
}
