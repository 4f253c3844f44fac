-- Vouchers: codes that are worth credit, once. The codes are not here.

create table voucher_batch (
  id text primary key check (id ~ '^vou-[0-9a-z]{20}$'),
  name text not null check (length(name) between 1 and 200),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Nanos each.
  amount bigint not null check (amount > 0),
  created_at timestamptz not null,
  expires_at timestamptz check (expires_at > created_at),
  revoked_at timestamptz
);
comment on table voucher_batch is 'Vouchers made at once: same worth, same end.';

create table voucher (
  -- HMAC-SHA-256 of the code under this installation's secret.
  digest bytea primary key check (octet_length(digest) = 32),
  batch_id text not null references voucher_batch (id),
  redeemed_at timestamptz,
  redeemed_by text,
  transfer_id bigint references transfer (id),
  check ((redeemed_at is null) = (redeemed_by is null))
);
create index voucher_batch_of on voucher (batch_id);
comment on table voucher is 'One code; redeemed once, by whoever comes first.';
