-- Which Idempotency-Keys were used, for which call. docs/idempotency.md tells the protocol. No request content: of the key and
-- of the body only HMAC-SHA-256 under a secret of this installation.

create table idempotency_key (
  -- Of account and Idempotency-Key.
  digest bytea primary key check (octet_length(digest) = 32),
  -- Of path and body.
  request_digest bytea not null check (octet_length(request_digest) = 32),
  account_id text not null,
  -- The generation that the call has or will have. What became of it tells what became of the call.
  generation_id text not null check (length(generation_id) = 30),
  -- Who makes the call, as in node.id.
  node_id text not null,
  claimed_at timestamptz not null,
  -- The process that made the call has ended, and all it had settled is booked.
  abandoned boolean not null default false,
  expires_at timestamptz not null check (expires_at > claimed_at)
);
create index idempotency_key_expires on idempotency_key (expires_at);
create index idempotency_key_node on idempotency_key (node_id, claimed_at) where not abandoned;
comment on table idempotency_key is 'Idempotency-Keys in use, for a day: digests, and the generation each stands for.';
