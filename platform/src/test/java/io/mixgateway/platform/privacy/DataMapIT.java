package io.mixgateway.platform.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.TestDatabase;
import java.util.HashSet;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** P3, P6, P12: the declarations against a database as the migrations leave it. */
class DataMapIT {
    private static final TestDatabase STORE = TestDatabase.fresh();

    @AfterAll
    static void drop() {
        STORE.close();
    }

    @Test
    void everyColumnIsDeclaredAndEveryDeclarationIsAColumn() {
        var live = LiveSchema.columns(STORE.database().dsl(Pool.JOBS));

        assertThat(DataMap.undeclared(live))
                .as(String.join("\n", DataMap.undeclared(live)))
                .isEmpty();
        assertThat(DataMap.gone(Place.Column.class, new HashSet<>(live)::contains))
                .as("declared in platform/privacy, and in no table: take the declarations out")
                .isEmpty();
        assertThat(live).hasSizeGreaterThan(100);
    }

    @Test
    void aPartitionIsItsParent() {
        var live = STORE.database().transact(Pool.JOBS, dsl -> {
            dsl.execute("select usage_event_partition(date '2031-01-01')");
            return LiveSchema.columns(dsl);
        });

        assertThat(live).noneMatch(column -> column.table().startsWith("usage_event_"));
    }

    /** Must show 5: a new column without a declaration is found, and the message says what to write. */
    @Test
    void aNewColumnIsFoundAndTheMessageSaysWhatToWrite() {
        var found = within(dsl -> {
            dsl.execute("alter table person add column shoe_size int");
            return DataMap.undeclared(LiveSchema.columns(dsl));
        });

        assertThat(found)
                .singleElement()
                .asString()
                .contains("person.shoe_size is not declared", "PeopleData")
                .contains("TERMS.field(column(\"person\", \"shoe_size\"), Category.…, \"where.in.the.export\")")
                .contains("notPersonal(\"person\", \"why it tells nothing of anybody\", \"shoe_size\")");
    }

    @Test
    void aNewTableIsFound() {
        var found = within(dsl -> {
            dsl.execute("create table diary (secret text)");
            return DataMap.undeclared(LiveSchema.columns(dsl));
        });

        assertThat(found).singleElement().asString().contains("diary.secret");
    }

    @Test
    void theContentOfRequestsHasNoColumn() {
        assertThat(DataMap.fields())
                .filteredOn(field -> field.category() == Category.CONTENT)
                .isNotEmpty()
                .allSatisfy(field -> {
                    assertThat(field.place()).isInstanceOf(Place.Outbound.class);
                    assertThat(field.retention()).isEqualTo(Retention.IN_TRANSIT);
                });
    }

    @Test
    void whatIsExportedHasANameOfItsOwn() {
        assertThat(DataMap.fields().stream().flatMap(field -> field.export().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void credentialsAreNeverExportedWhole() {
        assertThat(DataMap.fields())
                .filteredOn(field -> field.category() == Category.CREDENTIAL)
                .allSatisfy(field -> assertThat(field.export().filter(name -> !name.endsWith("last_four")))
                        .isEmpty());
    }

    /** Runs it on the schema and takes everything back. */
    private static List<String> within(java.util.function.Function<DSLContext, List<String>> work) {
        return STORE.database().dsl(Pool.JOBS).connectionResult(connection -> {
            connection.setAutoCommit(false);
            try {
                return work.apply(org.jooq.impl.DSL.using(connection, org.jooq.SQLDialect.POSTGRES));
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        });
    }
}
