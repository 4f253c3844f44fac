package io.mixgateway.app.privacy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.mixgateway.platform.privacy.DataMap;
import io.mixgateway.platform.privacy.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** P4: whatever a log line may say beside its message is declared in DataMap. */
class LogFieldsTest {
    private static final Pattern KEY = Pattern.compile("\\.addKeyValue\\(\\s*(?:\"(?<name>[^\"]*)\"|(?<other>[^,]+)),");

    @Test
    void everyKeyOfALogCallIsDeclared() {
        assertThat(faults(Sources.ofProgram(".java"))).isEmpty();
    }

    /** Must show 5: a new log field without a declaration fails, and the message says what to write. */
    @Test
    void aNewLogFieldIsFoundAndTheMessageSaysWhatToWrite() {
        var source = Map.of("New.java", "log.atInfo().addKeyValue(\"client_ip\", ip).log(\"Hello\");");

        assertThat(faults(source))
                .singleElement()
                .asString()
                .contains("New.java", "The log field \"client_ip\" is not declared", "SystemData")
                .contains("LOG.hidden(logField(\"client_ip\"), Category.…)");
    }

    @Test
    void aKeyThatCannotBeReadIsAFault() {
        var source = Map.of("New.java", "log.atInfo().addKeyValue(name, value).log(\"Hello\");");

        assertThat(faults(source)).singleElement().asString().contains("New.java", "write the name of the log field");
    }

    @Test
    void thereIsNoOtherWayToAddAField() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.mixgateway.app.logging")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.slf4j.MDC")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.slf4j.event.KeyValuePair")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("net.logstash.logback.argument..", "net.logstash.logback.marker..")
                .because("the keys of log lines are found by their addKeyValue(\"name\", …)")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.mixgateway"));
    }

    static List<String> faults(Map<String, String> sources) {
        var faults = new ArrayList<String>();
        sources.forEach((file, text) -> KEY.matcher(text).results().forEach(key -> {
            var name = key.group("name");
            if (name == null) {
                faults.add(file + ": write the name of the log field itself into addKeyValue, not "
                        + key.group("other").strip() + ", so that it can be found");
            } else if (!DataMap.knows(Place.logField(name))) {
                faults.add(file + ": " + DataMap.advice(Place.logField(name)));
            }
        }));
        return faults;
    }
}
