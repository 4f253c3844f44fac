/// The control plane: who may call, who pays and what it costs, kept in PostgreSQL.
///
/// Start at {@link io.mixgateway.platform.store.Database}; every feature is a package beside it, over the table classes
/// in `platform.db`, which the build writes from the migrations in `db/migration`.
///
/// Always: plain blocking code for virtual threads; each change is one transaction; money is nanos; time comes from a
/// clock that was passed in. Not here: event loops and HTTP (`relay`), pages (`web`), configuration (`app`).
@NullMarked
package io.mixgateway.platform;

import org.jspecify.annotations.NullMarked;
