package io.mixgateway.relay.port;

import io.mixgateway.relay.catalog.Catalog;

/** The catalog in force. One call reads it once and keeps that snapshot to its end. Does not block. */
@FunctionalInterface
public interface Catalogs {
    Catalog current();
}
