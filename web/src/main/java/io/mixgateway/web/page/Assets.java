package io.mixgateway.web.page;

import static java.util.Objects.requireNonNull;

import io.mixgateway.web.Answer;
import io.mixgateway.web.Asked;
import io.mixgateway.web.Permission;
import io.mixgateway.web.Route;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The files that pages load: our own and the few of the WebJars that are used, each under a name with the digest of its
 * content, so that a browser may keep it for ever. Read, hashed and compressed once, at start.
 */
public final class Assets {
    private static final String OWN = "/io/mixgateway/web/static/";
    private static final String JARS = "/META-INF/resources/webjars/";
    private static final int HASH_LETTERS = 12;

    /** Served name to resource. */
    private static final Map<String, String> FILES = files();

    private final Map<String, String> urls = new HashMap<>();
    private final Map<String, Asset> byUrl = new HashMap<>();

    private record Asset(String contentType, Buffer plain, Buffer zipped) {}

    private Assets() {
        FILES.forEach((name, resource) -> {
            var bytes = read(resource);
            int dot = name.lastIndexOf('.');
            var url = "/assets/" + name.substring(0, dot) + "." + digest(bytes) + name.substring(dot);
            urls.put(name, url);
            byUrl.put(url, new Asset(contentType(name), Buffer.buffer(bytes), Buffer.buffer(zip(bytes))));
        });
    }

    public static Assets load() {
        return new Assets();
    }

    private static Map<String, String> files() {
        var files = new LinkedHashMap<String, String>();
        files.put("tabler.css", JARS + "tabler__core/1.4.0/dist/css/tabler.min.css");
        files.put("htmx.js", JARS + "htmx.org/2.0.10/dist/htmx.min.js");
        files.put("uplot.js", JARS + "uplot/1.6.30/dist/uPlot.iife.min.js");
        files.put("uplot.css", JARS + "uplot/1.6.30/dist/uPlot.min.css");
        for (String own : List.of("mixgateway.css", "page.js", "chart.js", "playground.js", "logo.svg")) {
            files.put(own, OWN + own);
        }
        return files;
    }

    /** Where the file is, such as {@code /assets/htmx.0123456789ab.js}. */
    public String url(String name) {
        return requireNonNull(urls.get(name), name);
    }

    public List<Route> routes() {
        return byUrl.entrySet().stream()
                .map(entry -> Route.get(entry.getKey(), Permission.FILE, asked -> answer(entry.getValue(), asked)))
                .toList();
    }

    private static Answer answer(Asset asset, Asked asked) {
        boolean zipped = asked.seen().header("accept-encoding").orElse("").contains("gzip");
        var headers = new HashMap<>(
                Map.of("cache-control", "public, max-age=31536000, immutable", "vary", "accept-encoding"));
        if (zipped) {
            headers.put("content-encoding", "gzip");
        }
        return new Answer(200, asset.contentType, headers, zipped ? asset.zipped : asset.plain);
    }

    private static String contentType(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".css" -> "text/css; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException(name + ": of no known kind");
        };
    }

    private static byte[] read(String resource) {
        try (var file = requireNonNull(Assets.class.getResourceAsStream(resource), resource)) {
            return file.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .substring(0, HASH_LETTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] zip(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length / 3);
        try (var zipping = new BestGzip(out)) {
            zipping.write(bytes);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return out.toByteArray();
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
