package io.mixgateway.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** The house's walls (DESIGN: "The house"). Dependencies point down only: app, web, platform, relay. */
@AnalyzeClasses(packages = "io.mixgateway", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundariesTest {

    @ArchTest
    static final ArchRule relayKnowsNobodyAbove = noClasses()
            .that()
            .resideInAPackage("io.mixgateway.relay..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.mixgateway.platform..", "io.mixgateway.web..", "io.mixgateway.app..")
            .because("the data plane must run, be tested and be measured without the control plane");

    @ArchTest
    static final ArchRule platformKnowsNobodyAbove = noClasses()
            .that()
            .resideInAPackage("io.mixgateway.platform..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.mixgateway.web..", "io.mixgateway.app..")
            .because("services do not know who shows them");

    @ArchTest
    static final ArchRule platformSeesOnlyTheRelaysWords = noClasses()
            .that()
            .resideInAPackage("io.mixgateway.platform..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.mixgateway.relay.http..",
                    "io.mixgateway.relay.view..",
                    "io.mixgateway.relay.dialect..",
                    "io.mixgateway.relay.route..",
                    "io.mixgateway.relay.upstream..",
                    "io.mixgateway.relay.sandbox..")
            .because("platform implements the relay's ports; how calls are carried out is none of its business");

    @ArchTest
    static final ArchRule webDoesNotWire = noClasses()
            .that()
            .resideInAPackage("io.mixgateway.web..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.mixgateway.app..")
            .because("only app wires");

    @ArchTest
    static final ArchRule noEventLoopInPlatform = noClasses()
            .that()
            .resideInAPackage("io.mixgateway.platform..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..")
            .because("platform is plain blocking code; on an event loop it would stop every stream at once");

    @ArchTest
    static final ArchRule noSqlOutsidePlatform = noClasses()
            .that()
            .resideInAnyPackage("io.mixgateway.relay..", "io.mixgateway.web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.jooq..", "com.zaxxer..", "org.postgresql..")
            .because("the relay must never wait for a database, and pages change things through services only");

    @ArchTest
    static final ArchRule noTreesOfJsonInRelay = noClasses()
            .that()
            .resideInAPackage("io.mixgateway.relay..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("tools.jackson.databind..")
            .because(
                    "a body is looked at once by position and never turned into objects: that is what keeps calls cheap");

    @ArchTest
    static final ArchRule dialectsAreStrangers = slices().matching("io.mixgateway.relay.dialect.(*)..")
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true)
            .because("N dialects need N readers and N writers, not N times N translations");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.mixgateway.(*).(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package one cannot understand without another is half a package");

    @ArchTest
    static final ArchRule moneyIsNeverFloating = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.mixgateway.relay.money..",
                    "io.mixgateway.platform.ledger..",
                    "io.mixgateway.platform.pricing..")
            .should(haveFloatingMembers())
            .allowEmptyShould(true)
            .because("0.1 + 0.2 is not 0.3, and somebody pays the difference");

    @ArchTest
    static final ArchRule everyPackageHasAMap = classes()
            .should(resideInAMappedPackage())
            .because("package-info.java says what a package is, where to start and what is always true in it");

    private static ArchCondition<JavaClass> resideInAMappedPackage() {
        return new ArchCondition<>("reside in a package with a package-info") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var generated = type.getPackageName().startsWith("io.mixgateway.platform.db");
                if (!generated && type.getPackage().tryGetPackageInfo().isEmpty()) {
                    events.add(SimpleConditionEvent.violated(
                            type,
                            type.getPackageName() + " has no package-info.java (first seen at " + type.getSimpleName()
                                    + ")"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> haveFloatingMembers() {
        return new ArchCondition<>("hold money in floating point") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getFields().stream()
                        .filter(field -> field.getRawType().isEquivalentTo(double.class)
                                || field.getRawType().isEquivalentTo(float.class))
                        .forEach(field -> events.add(SimpleConditionEvent.satisfied(field, field.getDescription())));
            }
        };
    }
}
