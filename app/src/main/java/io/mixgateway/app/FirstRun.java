package io.mixgateway.app;

import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.store.StartRefused;
import io.mixgateway.relay.catalog.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the first start hands to whoever started it: the way in. Written to {@code DIR/first-run.json}, for the owner's
 * eyes only, once the gateway answers.
 *
 * @param baseUrl what an SDK is told, such as {@code http://127.0.0.1:8080/v1}
 * @param setupUrl where the owner chooses a password; holds a secret
 */
public record FirstRun(String baseUrl, Secret apiKey, String account, String adminEmail, Secret setupUrl) {
    private static final String FILE = "first-run.json";

    public FirstRun {
        requireNonNull(baseUrl, "baseUrl");
        requireNonNull(apiKey, "apiKey");
        requireNonNull(account, "account");
        requireNonNull(adminEmail, "adminEmail");
        requireNonNull(setupUrl, "setupUrl");
    }

    /** Writes the file whole or not at all, readable for its owner only from its first byte on. */
    void write(Path folder) {
        var document = new LinkedHashMap<String, String>();
        document.put("base_url", baseUrl);
        document.put("api_key", apiKey.reveal());
        document.put("account", account);
        document.put("admin_email", adminEmail);
        document.put("admin_setup_url", setupUrl.reveal());
        var text = JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
        var whole = folder.resolve(FILE);
        var part = folder.resolve(FILE + ".part");
        try {
            Files.deleteIfExists(part);
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                Files.createFile(
                        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(part, text.getBytes(StandardCharsets.UTF_8));
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException broken) {
            throw new StartRefused("Cannot write " + whole + ": make the data folder writable for this user.", broken);
        }
    }
}
