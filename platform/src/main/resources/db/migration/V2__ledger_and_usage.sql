-- Money: the double-entry ledger, what holds may draw on, who has leased how much of it, and what every call used.
-- docs/money.md tells the protocol. Order of locks, everywhere: budget rows by id, then what hangs on them
-- (lease, ledger_account of a customer, usage_hourly), then the operator's ledger accounts by id.

-- The ledger -------------------------------------------------------------------------------------------------------

create table ledger_account (
  id bigint generated always as identity primary key,
  -- An account's id, or 'operator'. Not a foreign key: the books outlive an account.
  owner text not null,
  -- 'credit' for a customer; 'usage_revenue', 'granted', 'received', … for the operator.
  code text not null check (code ~ '^[a-z_]{1,40}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Nanos. The sum of its postings, kept in the same transaction.
  balance bigint not null default 0,
  unique (owner, code, currency)
);
comment on table ledger_account is 'Where money is. All balances of a currency sum to zero.';

create table transfer (
  id bigint generated always as identity primary key,
  idempotency_key text not null unique check (length(idempotency_key) between 1 and 300),
  kind text not null check (kind in
    ('grant', 'top_up', 'voucher', 'usage', 'refund', 'chargeback', 'expiry', 'adjustment')),
  description text not null check (length(description) <= 1000),
  created_at timestamptz not null
);
comment on table transfer is 'One balanced movement of money. Never changed: a mistake is corrected by another.';

create table posting (
  transfer_id bigint not null references transfer (id),
  ledger_account_id bigint not null references ledger_account (id),
  -- Nanos; what comes in is positive.
  amount bigint not null check (amount <> 0),
  primary key (transfer_id, ledger_account_id)
);
create index posting_ledger_account on posting (ledger_account_id, transfer_id);
comment on table posting is 'One leg of a transfer. The postings of each transfer sum to zero.';

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed: book a correction', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger transfer_is_final before update or delete or truncate on transfer
  for each statement execute function refuse_change();
create trigger posting_is_final before update or delete or truncate on posting
  for each statement execute function refuse_change();

-- Every statement that adds postings must leave each transfer it touches balanced, so all of them always are. Cheaper
-- than a deferred row trigger, and found at the statement that is wrong.
create function refuse_unbalanced() returns trigger language plpgsql as $$
declare
  wrong bigint;
begin
  select transfer_id into wrong from added group by transfer_id having sum(amount) <> 0 limit 1;
  if wrong is not null then
    raise exception 'postings of transfer % do not sum to zero', wrong using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
create trigger posting_is_balanced after insert on posting
  referencing new table as added for each statement execute function refuse_unbalanced();

-- What holds draw on -----------------------------------------------------------------------------------------------

create table budget (
  id bigint generated always as identity primary key,
  account_id text not null,
  -- 'credit': the account's money; 'cap': one window of one spend cap of a key.
  kind text not null check (kind in ('credit', 'cap')),
  key_id text,
  period text check (period in ('day', 'week', 'month', 'total')),
  window_start timestamptz,
  window_end timestamptz,
  -- Nanos. Credit: all that was ever put in, less what was taken out again by other means than usage. Cap: its amount.
  granted bigint not null,
  -- How far below zero the account may go by agreement.
  overdraft bigint not null default 0 check (overdraft >= 0),
  -- Costs of generations booked so far.
  spent bigint not null default 0 check (spent >= 0),
  -- The sum of its leases. What may still be leased is granted + overdraft - spent - leased.
  leased bigint not null default 0 check (leased >= 0),
  check ((kind = 'credit') = (key_id is null)),
  check ((kind = 'cap') = (period is not null and window_start is not null and window_end is not null)),
  check (kind = 'credit' or granted >= 0)
);
create unique index budget_credit on budget (account_id) where kind = 'credit';
create unique index budget_cap on budget (key_id, period, window_start) where kind = 'cap';
comment on table budget is 'What holds may draw on: an account''s credit, or one window of a spend cap.';

create table node (
  id text primary key,
  -- Goes up with each start of the node, and when another node takes over what it had leased.
  epoch bigint not null check (epoch >= 1),
  started_at timestamptz not null default now(),
  alive_until timestamptz not null
);
comment on table node is 'Gateways that draw on budgets. Past alive_until and a grace time, others release its leases.';

-- Later states of a lease have greater numbers, whichever statement made them.
create sequence lease_version;

create table lease (
  node_id text not null references node (id),
  budget_id bigint not null references budget (id),
  epoch bigint not null,
  -- Nanos of the budget that only this node may spend.
  amount bigint not null check (amount >= 0),
  -- As the node last told: in open holds, and settled but not booked yet.
  held bigint not null default 0 check (held >= 0),
  version bigint not null default nextval('lease_version'),
  -- Another node needs it: hand back what is free.
  recalled boolean not null default false,
  primary key (node_id, budget_id)
);
create index lease_budget on lease (budget_id);
comment on table lease is 'A slice of a budget that one node may spend on its own. Lives as long as its node is alive.';

-- What was used ----------------------------------------------------------------------------------------------------

-- What repeats among generations: a row for each combination ever seen. Some thousand of these stand for millions of
-- events, which keeps an event at some hundred bytes: what booking one costs is mostly its size.
create table generation_kind (
  id integer generated always as identity primary key,
  -- SHA-256 over all the texts below, each with its length before it.
  digest bytea not null unique check (octet_length(digest) = 32),
  account_id text not null,
  key_id text not null,
  model_asked text not null,
  provider text not null,
  model_sent text not null,
  model_served text not null,
  dialect text not null,
  streamed boolean not null,
  outcome text not null,
  usage_source text not null check (usage_source in ('provider', 'estimated')),
  price_version text not null
);
create index generation_kind_key on generation_kind (account_id, key_id);
comment on table generation_kind is 'What repeats among generations: who called which model by which way, and how it ended.';

create table usage_event (
  -- The account's credit budget.
  budget_id bigint not null,
  -- From the id itself, so that (created_at, id) is unique exactly when the id is.
  created_at timestamptz not null,
  -- The 128 bits of a generation's public id; generation_public_id() writes that.
  id uuid not null,
  input bigint not null,
  cache_read bigint not null,
  output bigint not null,
  reasoning bigint not null,
  -- What the provider said the sum is; -1 when it did not.
  provider_total bigint not null,
  cost bigint not null,
  hold bigint not null,
  -- What charged it: one transfer may charge many. Null exactly when it cost nothing. No foreign key, for speed;
  -- `ledger verify` compares the sums.
  transfer_id bigint,
  kind_id integer not null,
  latency_ms integer not null,
  first_token_ms integer not null,
  -- The classes of usage that have no column, by name; null when all of them are zero.
  more_usage jsonb,
  -- Null when there was one attempt, at the kind's provider, with status 200 and the kind's outcome.
  attempts jsonb,
  -- One index finds an account's events by time and a second row of the same generation alike.
  primary key (budget_id, created_at, id),
  check (input >= 0 and cache_read >= 0 and output >= 0 and reasoning >= 0 and cost >= 0 and hold >= 0),
  check ((transfer_id is null) = (cost = 0))
) partition by range (created_at);
create table usage_event_default partition of usage_event default;
comment on table usage_event is 'One row per finished generation: metadata only. Read it through the view generation.';

-- 'gen-' and 26 characters of Crockford base 32, as the API writes ids.
create function generation_public_id(id uuid) returns text language sql immutable strict parallel safe as $$
  select 'gen-' || string_agg(
    substr('0123456789abcdefghjkmnpqrstvwxyz', bits.five::bit(5)::integer + 1, 1), '' order by bits.at)
  from (
    select at, substring(whole.padded from at * 5 + 1 for 5) as five
    from (select B'00' || ('x' || replace(id::text, '-', ''))::bit(128) as padded) as whole, generate_series(0, 25) as at
  ) as bits
$$;

create view generation as
select e.created_at, generation_public_id(e.id) as id, e.id as uuid, e.budget_id, k.account_id, k.key_id, k.model_asked,
  k.provider, k.model_sent, k.model_served, k.dialect, k.streamed, k.outcome, e.input, e.cache_read,
  coalesce((e.more_usage ->> 'cache_write_5m')::bigint, 0) as cache_write_5m,
  coalesce((e.more_usage ->> 'cache_write_1h')::bigint, 0) as cache_write_1h,
  e.output, e.reasoning,
  coalesce((e.more_usage ->> 'audio_input')::bigint, 0) as audio_input,
  coalesce((e.more_usage ->> 'audio_output')::bigint, 0) as audio_output,
  coalesce((e.more_usage ->> 'image_input')::bigint, 0) as image_input,
  coalesce((e.more_usage ->> 'image_output')::bigint, 0) as image_output,
  e.provider_total, k.usage_source, e.cost, e.hold, k.price_version, e.latency_ms, e.first_token_ms,
  coalesce(e.attempts, jsonb_build_array(
    jsonb_build_object('provider', k.provider, 'status', 200, 'outcome', k.outcome))) as attempts,
  e.transfer_id
from usage_event e join generation_kind k on k.id = e.kind_id;
comment on view generation is 'Finished generations with all their texts.';

-- Makes the partition of one day (UTC) ahead of time. Attached rather than created in place, so writers go on; a day
-- whose rows are in the default partition already stays there.
create function usage_event_partition(day date) returns boolean language plpgsql as $$
declare
  name text := 'usage_event_' || to_char(day, 'YYYYMMDD');
  first timestamptz := day::timestamp at time zone 'UTC';
begin
  perform pg_advisory_xact_lock(hashtextextended('usage_event_partition', 0));
  if to_regclass(name) is not null then
    return false;
  end if;
  begin
    execute format('create table %I (like usage_event including defaults including constraints including comments)', name);
    execute format('alter table usage_event attach partition %I for values from (%L) to (%L)', name, first, first + interval '24 hours');
    return true;
  exception when check_violation then
    return false;
  end;
end $$;

create table usage_hourly (
  hour timestamptz not null,
  account_id text not null,
  key_id text not null,
  provider text not null,
  model text not null,
  calls bigint not null check (calls >= 0),
  completed bigint not null check (completed >= 0),
  input bigint not null,
  cache_read bigint not null,
  cache_write bigint not null,
  output bigint not null,
  reasoning bigint not null,
  audio_input bigint not null,
  audio_output bigint not null,
  image_input bigint not null,
  image_output bigint not null,
  cost bigint not null check (cost >= 0),
  latency_ms bigint not null,
  primary key (account_id, hour, key_id, provider, model)
);
comment on table usage_hourly is 'Sums of usage_event by hour (UTC), key, provider and model sent. Pages read these.';

-- A record that the database refuses must not hold up those behind it, and must not be lost.
create table usage_rejected (
  id text primary key,
  account_id text not null,
  cost bigint not null,
  record text not null,
  reason text not null,
  created_at timestamptz not null default now()
);
comment on table usage_rejected is 'Generations that could not be booked. Empty, or an operator has something to look at.';
