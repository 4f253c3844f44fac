package io.mixgateway.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.relay.catalog.Secret;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://me:p%40ss+%2Fw@db.example:6000/mix?sslmode=require",
                "postgresql://me:p%40ss+%2Fw@db.example:6000/mix?sslmode=require",
                "jdbc:postgresql://db.example:6000/mix?user=me&password=p%40ss+%2Fw&sslmode=require",
            })
    void readsTheFormsPeopleHave(String text) {
        // When
        var url = DatabaseUrl.parse(text);

        // Then
        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db.example:6000/mix?sslmode=require");
        assertThat(url.user()).contains("me");
        assertThat(url.password().map(Secret::reveal)).contains("p@ss+/w");
        assertThat(url).hasToString("db.example:6000/mix");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "mysql://me:hunter2@host/db",
                "postgres://me:hunter2@host",
                "postgres://me:hunter2%zz@host/db",
                "postgres://me:hunter2@/db",
            })
    void refusesOthersWithoutRepeatingThem(String text) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(StartRefused.class)
                .hasNoCause()
                .message()
                .doesNotContain("hunter2");
    }
}
