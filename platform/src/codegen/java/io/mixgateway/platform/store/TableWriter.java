package io.mixgateway.platform.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jooq.Constants;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;

/**
 * Run by the build: writes {@code io.mixgateway.platform.db} from the migrations, by running them on a PostgreSQL of our
 * own, and {@code db/migrations-done}, by which a start sees that there is nothing to migrate. Does nothing when they are as they were the last time.
 */
final class TableWriter {
    private TableWriter() {}

    /** @param args the folder of the migrations, where to write classes, where to run PostgreSQL, where to write resources */
    public static void main(String[] args) throws Exception {
        var migrations = Path.of(args[0]);
        var target = Path.of(args[1]);
        var work = Path.of(args[2]);
        var done = Path.of(args[3]).resolve("db/migrations-done");
        var stamp = target.resolve(".written-from");
        var state = state(migrations);
        if (Files.exists(done) && Files.exists(stamp) && Files.readString(stamp).equals(state)) {
            return;
        }
        Trees.delete(work);
        Trees.delete(target);
        try (var postgres = EmbeddedPostgres.start(DataDir.open(work), EmbeddedPostgres.THROWAWAY)) {
            Migrations.run(postgres.url(), "filesystem:" + migrations);
            write(postgres.url(), target);
            try (var connection = Connections.open(postgres.url(), "build", Duration.ofSeconds(10))) {
                Files.createDirectories(done.getParent());
                Files.writeString(done, Migrations.history(connection));
            }
        }
        Trees.delete(work);
        Files.writeString(stamp, state);
    }

    private static void write(DatabaseUrl url, Path target) throws Exception {
        GenerationTool.generate(new Configuration()
                .withLogging(Logging.WARN)
                .withJdbc(new Jdbc()
                        .withDriver("org.postgresql.Driver")
                        .withUrl(url.jdbc())
                        .withUser(url.user().orElseThrow())
                        .withPassword(url.password().orElseThrow().reveal()))
                .withGenerator(new Generator()
                        .withDatabase(new Database()
                                .withName("org.jooq.meta.postgres.PostgresDatabase")
                                .withInputSchema("public")
                                // Flyway's own table, and the partitions of ours (named table_pDATE or table_default).
                                .withExcludes("flyway_schema_history|.*_p\\d+|.*_default")
                                .withIncludeRoutines(false))
                        .withGenerate(new Generate()
                                .withRecords(true)
                                .withPojos(false)
                                .withDaos(false)
                                .withJavaTimeTypes(true)
                                .withGlobalObjectReferences(true))
                        .withTarget(new Target()
                                .withPackageName("io.mixgateway.platform.db")
                                .withDirectory(target.toString()))));
    }

    private static String state(Path migrations) throws IOException, NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update((Constants.FULL_VERSION + " form 1").getBytes(StandardCharsets.UTF_8));
        try (var files = Files.list(migrations)) {
            for (Path file : files.sorted().toList()) {
                digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
