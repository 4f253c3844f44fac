/// The usage journal: an append-only file on this node's disk, where a finished generation is written before the end of
/// its answer goes out, and from where it moves to the database later. Start at {@link
/// io.mixgateway.platform.journal.Journal}.
///
/// Always: a record whose `append` returned outlives `kill -9`, and a loss of power a few milliseconds later; records
/// are read back in the order they were written; reading does not consume, only `advance` does, so a record may be read
/// twice and must be booked by its generation id. A torn tail is left out, never guessed at. One process per directory.
///
/// Not here: what becomes of a record ({@link io.mixgateway.platform.credit}), any SQL, any request content.
@org.jspecify.annotations.NullMarked
package io.mixgateway.platform.journal;
