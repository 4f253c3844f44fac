-- Sums by day, so that a page over months reads a row for each day and not for each hour.

create table usage_daily (
  -- The midnight (UTC) that the day begins with.
  day timestamptz not null check (day = date_trunc('day', day, 'UTC')),
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
  primary key (account_id, day, key_id, provider, model)
);
comment on table usage_daily is 'Sums of usage_hourly by day (UTC), kept in the transaction that keeps those.';

insert into usage_daily (day, account_id, key_id, provider, model, calls, completed, input, cache_read, cache_write, output,
  reasoning, audio_input, audio_output, image_input, image_output, cost, latency_ms)
select date_trunc('day', hour, 'UTC'), account_id, key_id, provider, model, sum(calls), sum(completed), sum(input),
  sum(cache_read), sum(cache_write), sum(output), sum(reasoning), sum(audio_input), sum(audio_output), sum(image_input),
  sum(image_output), sum(cost), sum(latency_ms)
from usage_hourly group by 1, 2, 3, 4, 5;
