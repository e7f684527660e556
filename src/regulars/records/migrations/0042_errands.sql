-- Errands: long work somebody asked for in the console, and the files they brought for it.

-- ── what is to be done ─────────────────────────────────────────────────────────────────────────
-- A row is written by who asks; the worker takes it, says how far it is, and writes what came of
-- it. `tries` is the number of the attempt that may write: who is late finds another one there.
create table errand (
    program_id integer     not null,
    errand_id  uuid        not null,
    kind       text        not null check (kind in ('trial', 'check', 'import')),
    title      text        not null check (length(title) <= 200),
    ask        jsonb       not null,               -- what exactly, by the shape of its kind
    state      text        not null default 'waiting'
                           check (state in ('waiting', 'running', 'done', 'failed', 'stopped')),
    stop       boolean     not null default false, -- somebody asked for its end
    stage      text        not null default '',    -- what is done now, one word
    total      bigint      not null default 0,     -- steps of this stage, 0 where nobody knows
    done       bigint      not null default 0,
    tries      smallint    not null default 0,
    falls      smallint    not null default 0,     -- so often its program fell by itself
    asked_by   text        not null,
    asked_at   timestamptz not null,
    begun_at   timestamptz,
    ended_at   timestamptz,
    says       text        not null default '',    -- why it failed
    outcome    jsonb,                              -- what came of it; names no member
    primary key (program_id, errand_id)
);
create index errand_open on errand (program_id, asked_at) where state in ('waiting', 'running');

-- A file that lies in the installation's own folder for a few days. The row goes with the file.
create table upload (
    program_id integer     not null,
    upload_id  uuid        not null,
    name       text        not null check (length(name) between 1 and 120),
    bytes      bigint      not null check (bytes > 0),
    choices    jsonb       not null,               -- which column is which field, as chosen so far
    kept_by    text        not null,
    kept_at    timestamptz not null,
    primary key (program_id, upload_id)
);

grant select, insert, update, delete on errand, upload to regulars_app;
select fence(array['errand', 'upload']);
