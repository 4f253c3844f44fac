-- What retention has removed, so that the books can still be proved and people can be shown that it is done.

-- Events before `until` are gone. Until then `ledger verify` compares them one by one; from then on the hourly sums,
-- which stay, stand for them.
create table usage_removed (
  only_row boolean primary key default true check (only_row),
  until timestamptz not null,
  -- Usage transfers after this one have all their events, or are in usage_removed_charge.
  last_transfer bigint not null check (last_transfer >= 0)
);
comment on table usage_removed is 'How far retention has removed usage events.';
insert into usage_removed (until, last_transfer) values ('-infinity', 0);

-- A transfer may have charged events of two days, of which one is gone.
create table usage_removed_charge (
  transfer_id bigint primary key references transfer (id),
  cost bigint not null check (cost > 0)
);
comment on table usage_removed_charge is 'What transfers charged for events that are gone, where others of theirs are not.';

create table retention_run (
  id bigint generated always as identity primary key,
  rule text not null,
  ran_at timestamptz not null,
  -- What ended before this was removed.
  cut_off timestamptz not null,
  removed bigint not null check (removed >= 0)
);
create index retention_run_at on retention_run (ran_at);
comment on table retention_run is 'The daily report: what retention removed by which rule.';
