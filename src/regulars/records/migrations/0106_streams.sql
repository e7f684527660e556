-- A source of events may be a broker (ADR 0788), and events may go to one (ADR 0790).

-- ── where the messages of a source are ──────────────────────────────────────────────────────────
-- One row for each source of the kind `stream` that is read. What is secret is encrypted by a key
-- that the database does not know.
create table stream (
    program_id integer     not null,
    inlet_id   uuid        not null,
    address    text        not null check (length(address) between 1 and 500),
    account    text        not null default '',      -- as whom we come in
    login      text        not null default 'plain'
                           check (login in ('plain', 'scram-sha-256', 'scram-sha-512')),
    authority  text        not null default '',      -- who vouches for the broker, where it is nobody
                                                     -- the machine knows: a certificate, as PEM
    keys       bytea       not null,                 -- encrypted; empty where nothing is secret
    begins     text        not null check (begins in ('first', 'now')),
    next_at    timestamptz not null,
    looked_at  timestamptz,                          -- when it answered last
    failures   integer     not null default 0,       -- in a row
    problem    text        not null default '',      -- of the last look
    behind     bigint      not null default 0 check (behind >= 0),  -- messages that wait there
    kept       bigint      not null default 0,       -- so many were new
    known      bigint      not null default 0,       -- had come in before
    lost       bigint      not null default 0,       -- were deleted there before we read them
    version    integer     not null default 1,
    primary key (program_id, inlet_id)
);
create index stream_due on stream (next_at);

-- ── how far it was read ─────────────────────────────────────────────────────────────────────────
-- Of each of its parts the next message, moved in one transaction with what was kept of it.
create table stream_part (
    program_id integer not null,
    inlet_id   uuid    not null,
    part       integer not null check (part >= 0),
    next       bigint  not null check (next >= 0),
    primary key (program_id, inlet_id, part)
) with (fillfactor = 70);

-- ── brokers that hear of events ─────────────────────────────────────────────────────────────────
-- Beside a hook whose address is a broker's: as whom we come in there.
create table hook_broker (
    program_id integer not null,
    hook_id    uuid    not null,
    account    text    not null default '',
    login      text    not null default 'plain'
                       check (login in ('plain', 'scram-sha-256', 'scram-sha-512')),
    authority  text    not null default '',
    keys       bytea   not null,                     -- encrypted; empty where nothing is secret
    primary key (program_id, hook_id)
);

grant select, insert, update, delete on stream, stream_part, hook_broker to regulars_app;
select fence(array['stream', 'stream_part', 'hook_broker']);
