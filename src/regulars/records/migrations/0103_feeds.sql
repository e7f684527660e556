-- A source of events may be files: in a folder, on an SFTP server, in an object store (ADR 0785).

-- ── where the files of a source are ─────────────────────────────────────────────────────────────
-- One row for each source of the kind `files` that is looked at. What is secret is encrypted by a key
-- that the database does not know (ADR 0787).
create table feed (
    program_id integer     not null,
    inlet_id   uuid        not null,
    place      text        not null check (place in ('folder', 'sftp', 's3')),
    address    text        not null check (length(address) <= 500),
    endpoint   text        not null default '',      -- of an object store that is not Amazon's
    region     text        not null default '',
    account    text        not null default '',      -- as whom we come in
    keys       bytea       not null,                 -- encrypted; empty where nothing is secret
    host_key   text        not null default '',      -- of an SFTP server: as it was met first
    next_at    timestamptz not null,
    looked_at  timestamptz,                          -- when its files were listed last
    failures   integer     not null default 0,       -- in a row
    problem    text        not null default '',      -- of the last look
    version    integer     not null default 1,
    primary key (program_id, inlet_id)
);
create index feed_due on feed (next_at);

-- ── its files ───────────────────────────────────────────────────────────────────────────────────
create table feed_file (
    program_id integer     not null,
    inlet_id   uuid        not null,
    name       text        not null check (length(name) between 1 and 500),
    size       bigint      not null,
    modified   timestamptz not null,
    state      text        not null check (state in ('seen', 'reading', 'done', 'refused')),
    lines      bigint      not null default 0,       -- so many rows were read
    kept       bigint      not null default 0,       -- of them were new
    known      bigint      not null default 0,       -- had come in before
    unreadable bigint      not null default 0,
    slips      jsonb       not null default '[]',    -- the first that could not be read, and why
    problem    text        not null default '',      -- why it could not be read to its end
    seen_at    timestamptz not null,
    done_at    timestamptz,
    version    integer     not null default 1,
    primary key (program_id, inlet_id, name),
    check ((state in ('done', 'refused')) = (done_at is not null))
);
create index feed_file_latest on feed_file (program_id, inlet_id, seen_at desc, name);

grant select, insert, update, delete on feed, feed_file to regulars_app;
select fence(array['feed', 'feed_file']);
