package io.mixgateway.app.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mixgateway.app.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    private Path folder;

    @Test
    void filesThatAStartNeedsMustBeThere() throws IOException {
        var certificate = folder.resolve("site.pem");
        var key = Files.writeString(folder.resolve("key.pem"), "a key");
        var file = Files.writeString(
                folder.resolve("mixgateway.yaml"),
                "server:\n  tls: {certificate: %s, key: %s}\n".formatted(certificate, key));

        assertThatThrownBy(() -> Configuration.load(Optional.of(file), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 2: server.tls.certificate: ")
                .hasMessageContaining("cannot be read (expected: a PEM file)")
                .hasMessageNotContaining("server.tls.key");

        Files.writeString(certificate, "a certificate");

        assertThat(Configuration.load(Optional.of(file), Map.of())
                        .settings()
                        .server()
                        .tls())
                .isPresent();
    }
}
