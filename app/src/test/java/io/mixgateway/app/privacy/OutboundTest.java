package io.mixgateway.app.privacy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.mixgateway.app.catalog.Presets;
import io.mixgateway.platform.privacy.DataMap;
import io.mixgateway.platform.privacy.Place;
import io.mixgateway.relay.outlet.Outlet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** P18: the program talks to nobody but through an Outlet, and names no host that is not published. */
class OutboundTest {
    private static final Pattern HOST = Pattern.compile("(?:https?|wss?|ftp)://(?<host>[A-Za-z0-9][A-Za-z0-9.-]*)");

    /** Shown to people, to be followed or not. Never called. */
    private static final Set<String> LINKS = Set.of("github.com");

    private static final List<String> VERTX = List.of(
            "createHttpClient",
            "createWebSocketClient",
            "createNetClient",
            "createDatagramSocket",
            "createDnsClient",
            "httpClientBuilder");

    private static final Set<String> THIS_MACHINE_AND_EXAMPLES =
            Set.of("127.0.0.1", "localhost", "example.com", "api.example.com", "host", "h");
    /** A name that nobody can have (RFC 2606). */
    private static final String RESERVED = ".example";

    @Test
    void everyWayOutSaysWhatGoesThroughIt() {
        var declared = DataMap.places(Place.Outbound.class).stream()
                .map(Place.Outbound::outlet)
                .toList();

        assertThat(Arrays.stream(Outlet.values())
                        .filter(outlet -> !declared.contains(outlet))
                        .map(outlet -> DataMap.advice(Place.outbound(outlet, outlet.what()))))
                .isEmpty();
        assertThat(DataMap.advice(Place.outbound(Outlet.OLLAMA, "x")))
                .contains("The way out \"ollama\" has no declared data", "outbound(Outlet.OLLAMA");
    }

    @Test
    void clientsAndSocketsComeFromAnOutlet() {
        waysOut()
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(
                                "io.mixgateway.relay",
                                "io.mixgateway.platform",
                                "io.mixgateway.web",
                                "io.mixgateway.app"));
    }

    /** Must show 5: a new way out that nobody has declared fails, and the message says what to write. */
    @Test
    void aNewWayOutIsFoundAndTheMessageSaysWhatToWrite() {
        var phoningHome = new ClassFileImporter().importClasses(PhonesHome.class);

        assertThatThrownBy(() -> waysOut().check(phoningHome))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PhonesHome")
                .hasMessageContaining("add a constant to relay.outlet.Outlet")
                .hasMessageContaining("declare what goes out in platform.privacy.SystemData");
    }

    @Test
    void everyHostInTheProgramIsPublished() {
        assertThat(unknownHosts(
                        Sources.ofProgram(".java", ".yaml", ".jte", ".js", ".css", ".html", ".md", ".properties")))
                .isEmpty();
    }

    /** Must show 5: a new host that nobody has declared fails, and the message says what to write. */
    @Test
    void aNewHostIsFoundAndTheMessageSaysWhatToWrite() {
        var source = Map.of("New.java", "private static final String HOME = \"https://telemetry.example.net/v1\";");

        assertThat(unknownHosts(source))
                .singleElement()
                .asString()
                .contains("New.java names the host telemetry.example.net")
                .contains("relay.outlet.Outlet", "presets.yaml", "OutboundTest.LINKS");
    }

    @Test
    void thePublishedListIsTrue() throws IOException {
        var file = Sources.docs().resolve("outbound.md");
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(file, OutboundPage.page());
        }

        assertThat(file)
                .as("write it again: ./build -pl app -am test -Dtest=OutboundTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true")
                .hasContent(OutboundPage.page());
    }

    private static List<String> unknownHosts(Map<String, String> sources) {
        var known = new HashSet<>(THIS_MACHINE_AND_EXAMPLES);
        known.addAll(LINKS);
        Presets.bundled().presets().values().forEach(preset -> {
            known.add(preset.baseUrl().getHost()); // in docs/outbound.md
            known.add(preset.docs().getHost()); // a link
        });
        var faults = new ArrayList<String>();
        sources.forEach((file, text) -> HOST.matcher(text)
                .results()
                .map(found -> found.group("host"))
                .distinct()
                .forEach(host -> {
                    if (!known.contains(host) && !host.endsWith(RESERVED) && !host.startsWith("www.w3.org")) {
                        faults.add(file + " names the host " + host
                                + ", which is in no published list. If the program calls it:"
                                + " through a constant of relay.outlet.Outlet, as a base-url in presets.yaml where it is a model"
                                + " provider. If it is a link for people to follow: add it to OutboundTest.LINKS.");
                    }
                }));
        return faults;
    }

    private static ArchRule waysOut() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("io.mixgateway.relay.outlet..")
                .should(openAWayOut())
                .because(
                        "a way out is published before it is used: add a constant to relay.outlet.Outlet, take the client or"
                                + " socket from it, and declare what goes out in platform.privacy.SystemData");
    }

    private static ArchCondition<JavaClass> openAWayOut() {
        return new ArchCondition<>("open connections by themselves") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getCodeUnitAccessesFromSelf().forEach(access -> {
                    if (opens(
                            access.getTargetOwner().getFullName(),
                            access.getTarget().getName(),
                            type.getPackageName())) {
                        events.add(SimpleConditionEvent.satisfied(type, access.getDescription()));
                    }
                });
            }
        };
    }

    private static boolean opens(String owner, String method, String caller) {
        boolean store = caller.equals("io.mixgateway.platform.store"); // Outlet.DATABASE, whose driver makes its own
        return switch (owner) {
            case "java.net.http.HttpClient" -> method.equals("newBuilder") || method.equals("newHttpClient");
            case "java.net.Socket", "java.net.DatagramSocket", "java.net.MulticastSocket" -> method.equals("<init>");
            case "java.nio.channels.SocketChannel",
                    "java.nio.channels.AsynchronousSocketChannel",
                    "java.nio.channels.DatagramChannel" -> method.equals("open");
            // Archives on the class path, in platform.store.
            case "java.net.URL" -> (method.equals("openConnection") || method.equals("openStream")) && !store;
            case "java.net.InetAddress" -> method.equals("getByName") || method.equals("getAllByName");
            case "javax.net.SocketFactory", "javax.net.ssl.SSLSocketFactory" -> method.equals("createSocket");
            case "java.sql.DriverManager" -> !store;
            case "com.zaxxer.hikari.HikariDataSource", "org.postgresql.ds.PGSimpleDataSource" ->
                method.equals("<init>") && !store;
            default ->
                (owner.startsWith("io.vertx.core.") && VERTX.stream().anyMatch(method::startsWith))
                        || owner.startsWith("io.vertx.ext.web.client.")
                        || owner.equals("io.netty.bootstrap.Bootstrap");
        };
    }

    /** What must be found. */
    static final class PhonesHome {
        static boolean home() throws IOException, InterruptedException {
            try (var client = HttpClient.newHttpClient()) {
                return client.send(
                                        java.net.http.HttpRequest.newBuilder(URI.create("http://localhost"))
                                                .build(),
                                        java.net.http.HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            }
        }
    }
}
