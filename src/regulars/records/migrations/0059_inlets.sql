-- Inlets: by which events of other systems come in, and what came, as it came.

-- ── where they come in ──────────────────────────────────────────────────────────────────────
-- No secret is kept: it is worked out from the id, its number and a key that the database does not
-- know (ADR 0502).
create table inlet (
    program_id    integer     not null,
    inlet_id      uuid        not null,
    name          text        not null check (length(name) between 1 and 80),
    kind          text        not null check (kind <> ''),      -- how what comes is written and signed
    source        text        not null check (source <> ''),    -- its name in the books; for ever
    mapping       text        not null,                         -- the file, as it was written
    state         text        not null default 'active' check (state in ('active', 'paused', 'deleted')),
    secret_number integer     not null default 1 check (secret_number > 0),
    old_until     timestamptz,                                  -- so long the secret before is good, too
    made_at       timestamptz not null,
    made_by       text        not null,
    changed_at    timestamptz not null,
    primary key (program_id, inlet_id)
);

-- ── what came in ────────────────────────────────────────────────────────────────────────────
-- One event, kept before anything is made of it. The row is also what makes it happen once: the same
-- key comes in once for ever. Its body goes when it is no longer needed, or with whom it names.
create table arrival (
    program_id  integer     not null,
    arrival_id  uuid        not null,
    inlet_id    uuid        not null,
    key         uuid        not null,                           -- digest of what the sender calls it
    content     uuid        not null,                           -- digest of all that was sent of it
    type        text        not null,
    name        text        not null,                           -- what the sender calls it
    beside      text        not null default '',                -- what stood above the body, as JSON
    body        bytea,                                          -- the very bytes; none once forgotten
    received_at timestamptz not null,
    state       text        not null default 'waiting'
                            check (state in ('waiting', 'booked', 'passed', 'unfit', 'refused')),
    code        text        not null default '',
    field       text        not null default '',                -- of the payload or of the mapping
    reason      text        not null default '',
    mend        text        not null default '',
    tries       smallint    not null default 0,
    try_at      timestamptz,                                    -- of what waits: when it is its turn
    settled_at  timestamptz,
    primary key (program_id, arrival_id),
    constraint arrival_once unique (program_id, inlet_id, key),
    check ((state = 'waiting') = (settled_at is null)),
    check ((state = 'waiting') = (try_at is not null)),
    check (state <> 'waiting' or body is not null),
    check (state not in ('unfit', 'refused') or reason <> '')
) with (fillfactor = 70);
create index arrival_waiting on arrival (program_id, inlet_id, try_at, arrival_id)
    where state = 'waiting';
create index arrival_open on arrival (program_id, inlet_id, state, arrival_id)
    where state in ('unfit', 'refused', 'passed');
-- What an erasure reads: bodies that were booked for no member.
create index arrival_said on arrival (program_id, arrival_id)
    where body is not null and state <> 'booked';
create index arrival_kept on arrival (program_id, received_at) where body is not null;
create index arrival_of_inlet on arrival (program_id, inlet_id, arrival_id);

-- Which activities one gave; `first` where it was this one that had them booked, and not a receipt
-- that was known before.
create table arrival_activity (
    program_id  integer not null,
    arrival_id  uuid    not null,
    activity_id uuid    not null,
    member_id   uuid    not null,
    first       boolean not null,
    primary key (program_id, arrival_id, activity_id)
);
create index arrival_activity_member on arrival_activity (program_id, member_id, arrival_id);
create unique index arrival_activity_first on arrival_activity (program_id, activity_id) where first;

grant select, insert, update on inlet, arrival to regulars_app;
grant select, insert on arrival_activity to regulars_app;
select fence(array['inlet', 'arrival', 'arrival_activity']);
-- What comes in names an inlet before its program is known: by its id, of which nobody guesses 74 bits.
create policy by_id on inlet for select to regulars_app using
    (inlet_id = nullif(current_setting('regulars.inlet_id', true), '')::uuid);
