-- Prices by service tier and prompt length, the operator's markup, prices from files with the date from which they hold, and
-- plans with their discounts.

alter table price_version
  add column service_tier text not null default 'standard'
    check (service_tier in ('standard', 'flex', 'priority', 'batch')),
  -- What the operator adds to the provider's list rates, in millionths.
  add column markup int not null default 0 check (markup between 0 and 100000000),
  -- [{"above": tokens, "input": nanos, …}, …], the shortest first: other rates for whole calls with longer prompts.
  add column long_prompts jsonb not null default '[]' check (
    jsonb_typeof(long_prompts) = 'array' and not jsonb_path_exists(long_prompts, '$[*].* ? (@ < 0)')),
  drop constraint price_version_provider_model_effective_from_key,
  add unique (provider, model, service_tier, effective_from);

create table price_import (
  id bigint generated always as identity primary key,
  provider text not null,
  model text not null,
  effective_from timestamptz not null,
  -- By service tier: {"standard": {"free": false, "request": nanos, "rates": {"input": nanos, …}, "long_prompts": […]}, …}
  tariffs jsonb not null check (jsonb_typeof(tariffs) = 'object' and tariffs ? 'standard'),
  source text not null check (length(source) between 1 and 200),
  imported_at timestamptz not null default now()
);
create index price_import_model on price_import (provider, model, effective_from desc, id desc);
comment on table price_import is 'Prices from files: the latest whose time has come holds, unless the configuration says another.';

create table plan (
  name text primary key check (name ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
  -- What accounts on it pay less, in millionths of every price.
  discount int not null check (discount between 0 and 1000000),
  created_at timestamptz not null default now()
);
comment on table plan is 'Terms that several accounts share.';

alter table account add column plan text references plan (name);
create index account_plan on account (plan) where plan is not null;
