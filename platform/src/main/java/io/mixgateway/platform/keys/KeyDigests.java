package io.mixgateway.platform.keys;

import static io.mixgateway.platform.db.Tables.API_KEY;
import static io.mixgateway.platform.db.Tables.INSTALLATION;

import io.mixgateway.platform.store.Database;
import io.mixgateway.platform.store.Pool;
import io.mixgateway.platform.store.RandomText;
import io.mixgateway.platform.store.StartRefused;
import io.mixgateway.relay.catalog.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jooq.DSLContext;

/**
 * What a secret looks like, and the digest under which it is stored: HMAC-SHA-256.
 *
 * <p>A secret is {@code sk-mg-}, 36 random characters (214 bits) and 6 more that only this installation can compute, so that a
 * flood of made-up keys is turned away without the database.
 *
 * <p>Why a keyed digest, when so long a secret could not be guessed from a plain one: with a plain digest, whoever gets a
 * copy of the database can tell which of the keys found elsewhere belong to whom here. The digest key is random and kept
 * in the database, which protects partial leaks (a log, a query result, one table); an operator who wants a copy of the
 * whole database to be useless keeps a master key outside of it, and the digest key is then derived from both.
 */
public final class KeyDigests {
    /** How every key begins. */
    public static final String PREFIX = "sk-mg-";

    private static final int RANDOM_LENGTH = 36;
    private static final int CHECK_LENGTH = 6;
    private static final int LENGTH = PREFIX.length() + RANDOM_LENGTH + CHECK_LENGTH;
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int SHORTEST_MASTER_KEY = 32;
    private static final int BLOCK = 64;

    // HMAC by its definition (RFC 2104), from two digests that have taken in the key already. Cloning them costs
    // half of what Mac does for each call, and needs no state by thread.
    private final MessageDigest inner;
    private final MessageDigest outer;

    KeyDigests(byte[] key) {
        this.inner = keyed(key, (byte) 0x36);
        this.outer = keyed(key, (byte) 0x5c);
    }

    private static MessageDigest keyed(byte[] key, byte pad) {
        var block = new byte[BLOCK];
        System.arraycopy(key, 0, block, 0, key.length);
        for (int i = 0; i < BLOCK; i++) {
            block[i] ^= pad;
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(block);
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * With the digest key of this installation.
     *
     * @param masterKey a secret of the operator's, at least 32 characters, the same on every node and for ever
     * @throws StartRefused when it is not the one that the keys in the database were made with
     */
    public static KeyDigests load(Database database, Optional<Secret> masterKey) {
        return database.transact(Pool.JOBS, tx -> {
            var row = tx.selectFrom(INSTALLATION).forUpdate().fetchSingle();
            byte[] check = row.getMasterKeyCheck();
            if (masterKey.isEmpty()) {
                if (check != null) {
                    throw new StartRefused("The API keys in this database were made with a master key:"
                            + " give the same one again (MIXGATEWAY_MASTER_KEY).");
                }
                return new KeyDigests(row.getKeySecret());
            }
            return withMasterKey(tx, row.getKeySecret(), masterKey.get(), check);
        });
    }

    private static KeyDigests withMasterKey(
            DSLContext tx, byte[] stored, Secret masterKey, byte @org.jspecify.annotations.Nullable [] check) {
        if (masterKey.reveal().length() < SHORTEST_MASTER_KEY) {
            throw new StartRefused("The master key (MIXGATEWAY_MASTER_KEY) is too short: give at least "
                    + SHORTEST_MASTER_KEY + " random characters, such as from: openssl rand -base64 32");
        }
        var master = masterKey.reveal().getBytes(StandardCharsets.UTF_8);
        byte[] ours = hmac(master, "is this the master key".getBytes(StandardCharsets.UTF_8));
        if (check == null) {
            if (tx.fetchExists(API_KEY)) {
                throw new StartRefused("The API keys in this database were made without a master key:"
                        + " start without MIXGATEWAY_MASTER_KEY.");
            }
            tx.update(INSTALLATION).set(INSTALLATION.MASTER_KEY_CHECK, ours).execute();
        } else if (!MessageDigest.isEqual(check, ours)) {
            throw new StartRefused("This is not the master key (MIXGATEWAY_MASTER_KEY) that the API keys in this"
                    + " database were made with: give that one.");
        }
        return new KeyDigests(hmac(master, stored));
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** A secret that nobody has seen. */
    Secret newSecret() {
        var body = PREFIX + RandomText.base62(RANDOM_LENGTH);
        return new Secret(body + check(body));
    }

    /** Whether the text could be a key of anybody's: length, prefix, alphabet. Cheap, for whatever comes in. */
    static boolean hasTheForm(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
                return false;
            }
        }
        return true;
    }

    /** Whether its last six characters are ours. Only of what {@link #hasTheForm}. */
    boolean isOurs(String text) {
        int end = LENGTH - CHECK_LENGTH;
        return MessageDigest.isEqual(
                check(text.substring(0, end)).getBytes(StandardCharsets.ISO_8859_1),
                text.substring(end).getBytes(StandardCharsets.ISO_8859_1));
    }

    private String check(String body) {
        var bytes = digestOf("check " + body).bytes();
        var letters = new StringBuilder(CHECK_LENGTH);
        for (int i = 0; i < CHECK_LENGTH; i++) {
            letters.append(BASE62.charAt(Byte.toUnsignedInt(bytes[i]) % BASE62.length()));
        }
        return letters.toString();
    }

    /** The digest of a secret. Thread-safe. */
    Digest digestOf(String secret) {
        try {
            var in = (MessageDigest) inner.clone();
            var out = (MessageDigest) outer.clone();
            out.update(in.digest(secret.getBytes(StandardCharsets.ISO_8859_1)));
            return Digest.of(out.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java's SHA-256 cannot be cloned", e);
        }
    }

    /**
     * HMAC-SHA-256 of {@code parts}, told apart by their lengths, under this installation's secret. Thread-safe.
     *
     * @param purpose keeps digests of one kind from being taken for those of another
     */
    public byte[] digest(String purpose, byte[]... parts) {
        try {
            var in = (MessageDigest) inner.clone();
            var out = (MessageDigest) outer.clone();
            take(in, purpose.getBytes(StandardCharsets.UTF_8));
            for (byte[] part : parts) {
                take(in, part);
            }
            out.update(in.digest());
            return out.digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java's SHA-256 cannot be cloned", e);
        }
    }

    private static void take(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
        digest.update(part);
    }
}
