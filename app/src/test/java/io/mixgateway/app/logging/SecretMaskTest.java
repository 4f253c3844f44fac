package io.mixgateway.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// FAILURES 104, 105
class SecretMaskTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key sk-mg-4f9a8b7c6d5e4f3a2b1c0d not found",
                "Incorrect API key provided: sk-proj-CANARYCANARYCANARYCANARY.",
                "sk-ant-api03-CANARYCANARYCANARYCANARY",
                "authorization: Bearer CANARYCANARY.CANARY",
                "GET https://host/v1beta/models?key=CANARYCANARY failed",
                "jdbc:postgresql://gateway:CANARYCANARY@db/gateway",
                "AIzaSyCANARYCANARYCANARYCANARY"
            })
    void credentialsAreMaskedWhereverTheyStand(String text) {
        assertThat(SecretMask.mask(text)).contains(SecretMask.MASK).doesNotContain("CANARY", "4f9a8b7c");
    }

    @Test
    void otherTextStaysAsItIs() {
        var text =
                "gen-01hx7z9d0e8qk3v5n2m4p6r8s0 of key-0123456789abcdefghij on sandbox:echo, task-force, 127.0.0.1:8080";

        assertThat(SecretMask.mask(text)).isEqualTo(text);
    }
}
