package io.mixgateway.app.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.platform.privacy.DataMap;
import io.mixgateway.platform.privacy.Place;
import io.mixgateway.platform.privacy.SetCookie;
import io.mixgateway.web.Cookies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** P9: no cookie is set that is not declared, and none in a way of its own. */
class CookiesTest {
    private static final String WRITER = "web/src/main/java/io/mixgateway/web/Cookies.java";
    private static final Pattern OTHER_WAY = Pattern.compile(
            "(?i)\"set-cookie2?\"|SET_COOKIE|\\.addCookie\\(|\\bCookie\\.cookie\\(|new DefaultCookie\\(|document\\.cookie\\s*=|SameSite=");

    @Test
    void everyCookieIsDeclared() {
        assertThat(undeclared(Arrays.stream(SetCookie.values())
                        .map(SetCookie::cookieName)
                        .toList()))
                .isEmpty();
        assertThat(DataMap.cookies())
                .isEqualTo(Arrays.stream(SetCookie.values())
                        .map(SetCookie::cookieName)
                        .collect(Collectors.toSet()));
    }

    /** Must show 5: a new cookie without a declaration fails, and the message says what to write. */
    @Test
    void aNewCookieIsFoundAndTheMessageSaysWhatToWrite() {
        assertThat(undeclared(List.of("visitor")))
                .singleElement()
                .asString()
                .contains("The cookie \"visitor\" is not declared", "SetCookie", "SystemData")
                .contains("COOKIE.hidden(cookie(\"visitor\"), Category.…)");
    }

    @Test
    void cookiesAreSetInOnePlace() {
        assertThat(otherWays(Sources.ofProgram(".java", ".js", ".jte"))).isEmpty();
    }

    @Test
    void aCookieSetElsewhereIsFound() {
        var sources = Map.of(
                "One.java", "response.putHeader(\"Set-Cookie\", \"visitor=1\");",
                "Two.java", "response.addCookie(Cookie.cookie(\"visitor\", \"1\"));",
                "three.js", "document.cookie = 'visitor=1';");

        assertThat(otherWays(sources)).hasSize(3).allMatch(fault -> fault.contains("web.Cookies"));
    }

    /** The cookies page says so; what a browser holds afterwards is for StoredIT to see. */
    @Test
    void noScriptOfOursKeepsAnythingInTheBrowser() {
        assertThat(Sources.ofProgram(".js", ".jte"))
                .isNotEmpty()
                .allSatisfy((file, text) -> assertThat(
                                text.replace("const CLOSED = ['localStorage', 'sessionStorage'];", ""))
                        .as(file)
                        .doesNotContain("localStorage", "sessionStorage", "indexedDB", "navigator.storage"));
    }

    @Test
    void whatIsSetIsForThisHostAndNotForScripts() {
        assertThat(Cookies.set(SetCookie.SESSION, "abc"))
                .isEqualTo(SetCookie.SESSION.cookieName() + "=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        assertThat(Cookies.set(SetCookie.LANGUAGE, "ko"))
                .isEqualTo(SetCookie.LANGUAGE.cookieName() + "=ko; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
        assertThat(Cookies.delete(SetCookie.SESSION)).endsWith("Secure; Max-Age=0");
        assertThatThrownBy(() -> Cookies.set(SetCookie.LANGUAGE, "ko; Domain=evil"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> undeclared(List<String> names) {
        return DataMap.undeclared(names.stream().map(Place::cookie).toList());
    }

    private static List<String> otherWays(Map<String, String> sources) {
        var faults = new ArrayList<String>();
        sources.forEach((file, text) -> {
            if (!file.equals(WRITER) && OTHER_WAY.matcher(text).find()) {
                faults.add(
                        file + ": sets a cookie in a way of its own. Declare it in platform/privacy SetCookie and set"
                                + " it by Answer.withCookie, which is web.Cookies.");
            }
        });
        return faults;
    }
}
