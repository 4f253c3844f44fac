package io.mixgateway.platform.credit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mixgateway.platform.journal.Settled;
import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.relay.call.Generation;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of {@code generation_kind}: what repeats among generations is stored once. Rows are made before the
 * transaction that uses them; they go only with a key that is gone, whose calls are gone too, so a number that was read
 * stays true for as long as the key can call. Used by one thread.
 */
final class GenerationKinds {
    private static final int MOST_CACHED = 50_000;

    private final Database database;
    private final Map<Kind, Integer> known = new HashMap<>();

    GenerationKinds(Database database) {
        this.database = database;
    }

    /** Everything of a generation that others share. */
    record Kind(
            String account,
            String key,
            String modelAsked,
            String provider,
            String modelSent,
            String modelServed,
            String dialect,
            boolean streamed,
            String outcome,
            String usageSource,
            String priceVersion) {
        static Kind of(Generation g) {
            return new Kind(
                    g.account().value(),
                    g.key().value(),
                    g.modelAsked(),
                    g.provider(),
                    g.modelSent(),
                    g.modelServed(),
                    g.dialect(),
                    g.streamed(),
                    g.outcome().code(),
                    g.usageSource().code(),
                    g.priceVersion());
        }

        private List<String> texts() {
            return List.of(
                    account,
                    key,
                    modelAsked,
                    provider,
                    modelSent,
                    modelServed,
                    dialect,
                    Boolean.toString(streamed),
                    outcome,
                    usageSource,
                    priceVersion);
        }

        private byte[] digest() {
            try {
                var sha256 = MessageDigest.getInstance("SHA-256");
                for (String text : texts()) {
                    var bytes = text.getBytes(UTF_8);
                    sha256.update(ByteBuffer.allocate(Integer.BYTES)
                            .putInt(bytes.length)
                            .array());
                    sha256.update(bytes);
                }
                return sha256.digest();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /** The number of each record's kind, in their order; makes those that are new. Outside of any transaction. */
    int[] numbers(List<Settled> records) {
        var kinds = new ArrayList<Kind>(records.size());
        var missing = new HashMap<Kind, byte[]>();
        for (Settled settled : records) {
            var kind = Kind.of(settled.generation());
            kinds.add(kind);
            if (!known.containsKey(kind) && !missing.containsKey(kind)) {
                missing.put(kind, kind.digest());
            }
        }
        if (known.size() + missing.size() > MOST_CACHED) {
            known.clear();
            kinds.forEach(kind -> missing.computeIfAbsent(kind, Kind::digest));
        }
        missing.forEach((kind, digest) -> known.put(kind, make(kind, digest)));
        return kinds.stream().mapToInt(kind -> requireNonNull(known.get(kind))).toArray();
    }

    private int make(Kind kind, byte[] digest) {
        var dsl = database.dsl(Pool.LEDGER);
        dsl.execute(
                """
                insert into generation_kind (digest, account_id, key_id, model_asked, provider, model_sent, model_served,
                  dialect, streamed, outcome, usage_source, price_version)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (digest) do nothing""",
                digest,
                kind.account,
                kind.key,
                kind.modelAsked,
                kind.provider,
                kind.modelSent,
                kind.modelServed,
                kind.dialect,
                kind.streamed,
                kind.outcome,
                kind.usageSource,
                kind.priceVersion);
        return dsl.fetchSingle("select id from generation_kind where digest = ?", (Object) digest)
                .get(0, Integer.class);
    }
}
