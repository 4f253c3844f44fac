package io.mixgateway.app.privacy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.mixgateway.relay.call.Generation;
import io.mixgateway.relay.content.RequestContent;
import io.mixgateway.relay.meter.Usage;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** P6, P7: request content cannot get to where it would be kept (docs/decisions/0007). */
class ContentTest {
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.mixgateway.relay", "io.mixgateway.platform", "io.mixgateway.web", "io.mixgateway.app");

    private static final Set<String> CONTENT = Set.of(
            RequestContent.class.getName(),
            "io.mixgateway.relay.view.RequestView",
            "io.vertx.core.buffer.Buffer",
            "io.vertx.core.internal.buffer.BufferInternal",
            "io.netty.buffer.ByteBuf");

    /** All the text that a record of a call can hold. None of it is a prompt or an answer. */
    private static final Set<String> TEXTS_OF_A_GENERATION = Set.of(
            "AccountId.value",
            "Attempt.outcome",
            "Attempt.provider",
            "Generation.dialect",
            "Generation.modelAsked",
            "Generation.modelSent",
            "Generation.modelServed",
            "Generation.priceVersion",
            "Generation.provider",
            "GenerationId.value",
            "KeyId.value");

    @Test
    void itPrintsItsLengthOnly() {
        var content = RequestContent.of("my diary".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(content).hasToString("RequestContent[8 bytes]");
        assertThat("x " + content).doesNotContain("diary");
        assertThat(content.hashCode()).isEqualTo(System.identityHashCode(content));
    }

    @Test
    void onlyThoseWhoReadOrSendItKnowIt() {
        classes()
                .that()
                .haveFullyQualifiedName(RequestContent.class.getName())
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(
                        "io.mixgateway.relay.content",
                        "io.mixgateway.relay.view",
                        "io.mixgateway.relay.meter",
                        "io.mixgateway.relay.port",
                        "io.mixgateway.platform.idempotency", // keeps a keyed digest
                        "io.mixgateway.relay.http")
                .because("what does not know it cannot keep it")
                .check(PROGRAM);
    }

    @Test
    void whatIsKeptOfACallHasNoRoomForIt() {
        var texts = new TreeSet<String>();
        var seen = new HashSet<Class<?>>();
        var queue = new ArrayDeque<Type>();
        queue.add(Generation.class);
        while (!queue.isEmpty()) {
            switch (queue.remove()) {
                case ParameterizedType type -> {
                    queue.add(type.getRawType());
                    queue.addAll(java.util.List.of(type.getActualTypeArguments()));
                }
                case Class<?> type
                when type.isRecord() && seen.add(type) -> {
                    for (var component : type.getRecordComponents()) {
                        if (component.getType() == String.class) {
                            texts.add(type.getSimpleName() + "." + component.getName());
                        }
                        queue.add(component.getGenericType());
                    }
                }
                case Class<?> type
                when type == Usage.class -> {
                    for (var field : type.getDeclaredFields()) {
                        assertThat(Modifier.isStatic(field.getModifiers())
                                        || field.getType() == long[].class
                                        || field.getType().isPrimitive()
                                        || field.getType().isEnum())
                                .as(field + " in what is kept of a call")
                                .isTrue();
                    }
                }
                case Class<?> type ->
                    assertThat(type.isRecord()
                                    || type.isPrimitive()
                                    || type.isEnum()
                                    || type == String.class
                                    || type == java.time.Instant.class
                                    || type == java.util.List.class)
                            .as(type + " in what is kept of a call")
                            .isTrue();
                default -> throw new AssertionError();
            }
        }
        assertThat(texts)
                .as(
                        "a new text in what is kept of a call: declare its column in platform/privacy UsageData, and name it"
                                + " here when it can hold no content")
                .isEqualTo(new TreeSet<>(TEXTS_OF_A_GENERATION));
    }

    @Test
    void whoLogsTouchesNoContent() {
        logsNoContent().check(PROGRAM);
    }

    @Test
    void aLogCallBesideContentIsFound() {
        assertThatThrownBy(() -> logsNoContent().check(new ClassFileImporter().importClasses(Chatty.class)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Chatty.heard")
                .hasMessageContaining("take the log call into a method of its own");
    }

    /** A buffer's own toString is its content. */
    @Test
    void bytesBecomeTextInFewPlaces() {
        noClasses()
                .that()
                .resideInAPackage("io.mixgateway.relay..")
                .and()
                .resideOutsideOfPackages("io.mixgateway.relay.sandbox..", "io.mixgateway.relay.dialect..")
                .and()
                .doNotHaveFullyQualifiedName("io.mixgateway.relay.meter.TokenCounter")
                .and()
                .doNotHaveFullyQualifiedName("io.mixgateway.relay.http.FailedAnswer")
                .should()
                .callMethod(Buffer.class, "toString")
                .orShould()
                .callMethod(Buffer.class, "toString", java.nio.charset.Charset.class)
                .orShould()
                .callConstructor(String.class, byte[].class)
                .orShould()
                .callConstructor(String.class, byte[].class, java.nio.charset.Charset.class)
                .orShould()
                .callConstructor(String.class, byte[].class, int.class, int.class, java.nio.charset.Charset.class)
                .because("text can be logged and stored by accident; bytes cannot")
                .check(PROGRAM);
    }

    /** A full memory image would have every call in it: nothing of ours asks for one. */
    @Test
    void nothingAsksForAnImageOfTheMemory() {
        var launcher = Sources.file("mixgateway");
        assertThat(launcher)
                .contains("-XX:-HeapDumpOnOutOfMemoryError", "-XX:-CreateCoredumpOnCrash")
                .doesNotContain("-XX:+HeapDump", "-XX:HeapDumpPath", "-XX:OnOutOfMemoryError");
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("com.sun.management.HotSpotDiagnosticMXBean")
                .because("a heap dump is a file with every call in it")
                .check(PROGRAM);
    }

    private static ArchRule logsNoContent() {
        return noCodeUnits()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage("io.mixgateway.relay..", "io.mixgateway.app.privacy")
                .should(logAndTouchContent())
                .because(
                        "what stands beside a log call gets into it one day: take the log call into a method of its own,"
                                + " which is given what it may say");
    }

    private static ArchCondition<JavaCodeUnit> logAndTouchContent() {
        return new ArchCondition<>("log and touch content in one method") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                boolean logs = unit.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().getFullName().equals(Logger.class.getName())
                                && !call.getName().startsWith("is"));
                boolean touches =
                        unit.getRawParameterTypes().stream().anyMatch(type -> CONTENT.contains(type.getFullName()))
                                || unit.getAccessesFromSelf().stream()
                                        .anyMatch(access -> CONTENT.contains(
                                                access.getTargetOwner().getFullName()));
                if (logs && touches) {
                    events.add(SimpleConditionEvent.satisfied(unit, unit.getFullName() + " logs and touches content"));
                }
            }
        };
    }

    /** What must be found. */
    static final class Chatty {
        private static final Logger LOG = LoggerFactory.getLogger(Chatty.class);

        static void heard(Buffer piece) {
            LOG.info("Heard {}", piece);
        }
    }
}
