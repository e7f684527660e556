-- What is fresh for a warehouse is written somewhere every day (ADR 0792).

-- ── when and where extracts are written ─────────────────────────────────────────────────────────
-- One row for each program that has them. What is secret is encrypted by a key that the database does
-- not know.
create table extract_plan (
    program_id integer     not null primary key,
    place      text        not null check (place in ('folder', 'sftp', 's3')),
    address    text        not null check (length(address) <= 500),
    endpoint   text        not null default '',
    region     text        not null default '',
    account    text        not null default '',
    keys       bytea       not null,
    host_key   text        not null default '',
    format     text        not null check (format in ('parquet', 'csv')),
    at_minute  smallint    not null check (at_minute between 0 and 1439),  -- of the shop's own day
    state      text        not null check (state in ('active', 'paused')),
    cursor     text        not null default '',      -- where the last one that is there ended
    next_at    timestamptz not null,
    failures   integer     not null default 0,       -- in a row
    problem    text        not null default '',      -- of the last try
    version    integer     not null default 1
);
create index extract_plan_due on extract_plan (next_at) where state = 'active';

-- ── what was written ────────────────────────────────────────────────────────────────────────────
-- Each is begun once and carried on under its name until it is there, whoever is cut off meanwhile.
create table extract_run (
    program_id integer     not null,
    number     integer     not null check (number > 0),
    name       text        not null check (length(name) between 1 and 80),
    state      text        not null check (state in ('begun', 'done', 'ended')),
    kind       text        not null default '',      -- full or fresh, once it is known
    files      integer     not null default 0,
    rows       bigint      not null default 0,
    bytes      bigint      not null default 0,
    begun_at   timestamptz not null,
    done_at    timestamptz,
    primary key (program_id, number),
    check ((state = 'begun') = (done_at is null))
);
create unique index extract_run_begun on extract_run (program_id) where state = 'begun';

grant select, insert, update, delete on extract_plan, extract_run to regulars_app;
select fence(array['extract_plan', 'extract_run']);
