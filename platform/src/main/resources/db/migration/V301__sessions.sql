-- Who is signed in, in which browser.

create table session (
  id text primary key check (id ~ '^ses-[0-9a-z]{20}$'),
  person_id text not null references person (id),
  account_id text not null references account (id),
  -- SHA-256 of the cookie's token, which is random and long.
  digest bytea not null unique check (octet_length(digest) = 32),
  -- The token before the last rotation: still taken for moments, for requests that were under way.
  former_digest bytea check (octet_length(former_digest) = 32),
  rotated_at timestamptz not null,
  -- Browser and system by family, such as 'Firefox, Linux': enough to know one's own.
  browser text not null check (length(browser) <= 100),
  -- The network it was last used from: IPv4 to /24, IPv6 to /48.
  network text not null check (length(network) <= 50),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- The end that use does not put off.
  expires_at timestamptz not null check (expires_at > created_at),
  ended_at timestamptz,
  -- The key that its playground calls with. Ends with it.
  playground_key_id text references api_key (id) on delete set null
);
create index session_person on session (person_id, created_at desc);
create unique index session_former_digest on session (former_digest) where former_digest is not null;
comment on table session is 'Who is signed in, in which browser.';
