/// PostgreSQL as this program uses it: our own server in the data folder, or somebody's external one.
///
/// Start at {@link io.mixgateway.platform.store.Database}; `serve` reaches it by {@link
/// io.mixgateway.platform.store.DataDir} and {@link io.mixgateway.platform.store.EmbeddedPostgres}.
///
/// Always: the schema is migrated before anybody gets a connection; every wait for the store has a limit; an embedded
/// server ends when the program ends, however it ends; passwords are in no message. A start that cannot succeed throws
/// {@link io.mixgateway.platform.store.StartRefused} with one sentence that says what to do.
///
/// Not here: any table. The classes of the tables are in `platform.db`, written at build from the migrations, and this
/// package must compile without them because it is what runs the migrations then.
@NullMarked
package io.mixgateway.platform.store;

import org.jspecify.annotations.NullMarked;
