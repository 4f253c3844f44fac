-- Who pays, who signs in, which keys they call with, and what things cost.
-- Public ids (acc-…, usr-…, key-…) are the primary keys: what is in a log or a URL is what is in the table.

create table installation (
  only_row boolean primary key default true check (only_row),
  id text not null,
  -- What API keys are digested under, unless the operator keeps a master key outside of the database.
  key_secret bytea not null check (octet_length(key_secret) = 32),
  -- Tells a wrong master key from the right one.
  master_key_check bytea,
  owner_account_id text,
  -- Goes up with every change that takes something from a key. Updated under the row's lock, so numbers commit in order.
  key_epoch bigint not null default 0 check (key_epoch >= 0),
  created_at timestamptz not null default now()
);
comment on table installation is 'This gateway: one row.';

-- gen_random_uuid draws from the system's strong random source: 122 bits each.
insert into installation (id, key_secret)
values (
  'ins-' || replace(gen_random_uuid()::text, '-', ''),
  sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
);

create table account (
  id text primary key check (id ~ '^acc-[0-9a-z]{20}$'),
  email text not null check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 200),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  time_zone text not null default 'UTC',
  status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
  status_reason text,
  created_at timestamptz not null
);
create unique index account_email on account (lower(email));
comment on table account is 'Who pays.';

alter table installation add constraint installation_owner foreign key (owner_account_id) references account (id);

-- "user" is a word of SQL.
create table person (
  id text primary key check (id ~ '^usr-[0-9a-z]{20}$'),
  email text not null check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 200),
  -- Argon2id in PHC form; null until a password is chosen.
  password_hash text,
  email_verified_at timestamptz,
  created_at timestamptz not null
);
create unique index person_email on person (lower(email));
comment on table person is 'Who signs in.';

create table member (
  account_id text not null references account (id),
  person_id text not null references person (id),
  role text not null check (role in ('owner', 'admin', 'developer', 'billing', 'viewer')),
  created_at timestamptz not null,
  primary key (account_id, person_id)
);
create index member_person on member (person_id);
comment on table member is 'A person in an account.';

create table setup_token (
  -- SHA-256 of the token, which is random and long.
  digest bytea primary key check (octet_length(digest) = 32),
  person_id text not null references person (id),
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  used_at timestamptz
);
create index setup_token_person on setup_token (person_id);
comment on table setup_token is 'Links by which a person chooses a first password, once.';

create table api_key (
  id text primary key check (id ~ '^key-[0-9a-z]{20}$'),
  account_id text not null references account (id),
  name text not null check (length(name) between 1 and 100),
  -- HMAC-SHA-256 of the secret, see platform.keys.
  digest bytea not null unique check (octet_length(digest) = 32),
  last_four text not null check (length(last_four) = 4),
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  -- The installation's key_epoch of the change.
  changed_epoch bigint not null default 0
);
create index api_key_account on api_key (account_id, created_at desc);
create index api_key_changed on api_key (changed_epoch) where changed_epoch > 0;
comment on table api_key is 'Keys to the inference API; the secrets are not here.';

create table key_cap (
  key_id text not null references api_key (id),
  period text not null check (period in ('day', 'week', 'month', 'total')),
  -- Nanos of the account's currency.
  amount bigint not null check (amount >= 0),
  primary key (key_id, period)
);
comment on table key_cap is 'The most a key may spend.';

-- All rates are nanos per million tokens, request is nanos per request. Rows are never changed.
create table price_version (
  version text primary key check (length(version) between 1 and 400),
  provider text not null,
  model text not null,
  effective_from timestamptz not null,
  free boolean not null,
  input bigint not null check (input >= 0),
  cache_read bigint not null check (cache_read >= 0),
  cache_write_5m bigint not null check (cache_write_5m >= 0),
  cache_write_1h bigint not null check (cache_write_1h >= 0),
  output bigint not null check (output >= 0),
  reasoning bigint not null check (reasoning >= 0),
  audio_input bigint not null check (audio_input >= 0),
  audio_output bigint not null check (audio_output >= 0),
  image_input bigint not null check (image_input >= 0),
  image_output bigint not null check (image_output >= 0),
  request bigint not null check (request >= 0),
  source text not null,
  recorded_at timestamptz not null default now(),
  unique (provider, model, effective_from),
  constraint price_version_free_is_zero check (
    free = (input | cache_read | cache_write_5m | cache_write_1h | output | reasoning
      | audio_input | audio_output | image_input | image_output | request = 0))
);
comment on table price_version is 'The price book: what each model cost since when.';
