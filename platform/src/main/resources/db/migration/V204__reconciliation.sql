-- What providers bill, to be compared with what we counted.

create table provider_invoice (
  provider text not null,
  day date not null,
  model text not null,
  -- Null where the invoice does not say.
  calls bigint check (calls >= 0),
  input_tokens bigint check (input_tokens >= 0),
  output_tokens bigint check (output_tokens >= 0),
  -- Nanos.
  cost bigint not null check (cost >= 0),
  source text not null check (length(source) between 1 and 200),
  imported_at timestamptz not null default now(),
  primary key (provider, day, model)
);
comment on table provider_invoice is 'Lines of imported invoices: what a provider bills for a model on a day (UTC).';

create table reconciliation_run (
  day date primary key,
  -- How many lines of the last week's invoices do not agree with what was counted.
  differences bigint not null check (differences >= 0),
  finished_at timestamptz not null default now()
);
comment on table reconciliation_run is 'The nightly comparison, one row for each night that it was made.';
