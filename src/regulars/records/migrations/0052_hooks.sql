-- Hooks: addresses of other systems that hear of events, and what is on its way to them.

-- ── other systems ───────────────────────────────────────────────────────────────────────────
-- Where events go, which secret they are signed with (none is kept: it is worked out from the id,
-- its number and a key that the database does not know, ADR 0461), and how the receiver fares.
create table hook (
    program_id    integer     not null,
    hook_id       uuid        not null,
    name          text        not null check (length(name) between 1 and 80),
    url           text        not null check (length(url) between 8 and 2000),
    form          text        not null check (form <> ''),  -- how it is written and signed
    state         text        not null default 'active'
                              check (state in ('active', 'paused', 'disabled', 'deleted')),
    reason        text        not null default '',  -- why it is disabled
    secret_number integer     not null default 1 check (secret_number > 0),
    old_until     timestamptz,                      -- so long the secret before is good, too
    made_at       timestamptz not null,
    made_by       text        not null,
    changed_at    timestamptz not null,
    failures      integer     not null default 0 check (failures >= 0),  -- in a row
    failing_since timestamptz,
    rest_until    timestamptz,                      -- until then it is left alone
    primary key (program_id, hook_id),
    check ((failures = 0) = (failing_since is null)),
    check (state <> 'disabled' or reason <> '')
) with (fillfactor = 85);

-- Which types of events it wants, from which transaction on, and until which.
create table hook_wish (
    program_id integer not null,
    hook_id    uuid    not null,
    type       text    not null,
    from_tx    bigint  not null,
    until_tx   bigint,
    primary key (program_id, hook_id, type, from_tx)
);

-- How far the events were looked at for a hook; what was settled before `swept_at` is forgotten.
-- Transactions are numbered by each cluster anew: after a move to another one what was recorded up
-- to `floor_at` has numbers that mean nothing here, and was looked at by the numbers of before.
create table hook_reach (
    program_id integer not null,
    hook_id    uuid   not null,
    below_tx   bigint not null,
    after_id   uuid   not null,                    -- of events of that very transaction, the last
    swept_at   timestamptz,
    cluster    bigint not null,                    -- whose numbers these are
    looked_at  timestamptz not null,               -- when, the last time
    floor_at   timestamptz not null,
    primary key (program_id, hook_id)
) with (fillfactor = 85);

-- One member's events on their way to one hook, one after the other: positions up to `done` are
-- settled, those up to `planned` exist. Whoever takes a line gives it the next turn; an answer that
-- comes for an earlier turn changes nothing.
create table hook_line (
    program_id integer     not null,
    hook_id    uuid        not null,
    member_id  uuid        not null,
    planned    bigint      not null,
    done       bigint      not null default 0,
    turn       bigint      not null default 0,
    tries      smallint    not null default 0,     -- of the first that is not settled
    try_at     timestamptz not null,
    primary key (program_id, hook_id, member_id),
    check (done between 0 and planned)
) with (fillfactor = 70);
create index hook_line_due on hook_line (program_id, hook_id, try_at) where done < planned;

-- One event on its way to one hook.
create table hook_sending (
    program_id integer     not null,
    hook_id    uuid        not null,
    member_id  uuid        not null,
    position   bigint      not null check (position > 0),
    event_id   uuid        not null,
    form       text        not null,               -- as it was when it was planned
    state      text        not null default 'waiting'
                           check (state in ('waiting', 'delivered', 'dead')),
    reason     text        not null default '',
    planned_at timestamptz not null,
    settled_at timestamptz,
    again_at   timestamptz,                        -- somebody asked for it once more
    primary key (program_id, hook_id, member_id, position),
    constraint hook_sending_once unique (program_id, hook_id, event_id),
    check ((state = 'waiting') = (settled_at is null)),
    check (state <> 'dead' or reason <> '')
) with (fillfactor = 85);
create index hook_sending_dead on hook_sending (program_id, hook_id, event_id)
    where state = 'dead';
create index hook_sending_again on hook_sending (program_id, hook_id, again_at)
    where again_at is not null;

-- Every try, and what came of it; no word of what the receiver answered.
create table hook_try (
    program_id integer     not null,
    hook_id    uuid        not null,
    event_id   uuid        not null,
    try_id     uuid        not null,
    tried_at   timestamptz not null,
    took_ms    integer     not null check (took_ms >= 0),
    status     smallint,                           -- of HTTP, where there was an answer
    reason     text        not null default '',
    primary key (program_id, hook_id, event_id, try_id)
);

grant select, insert, update, delete on hook, hook_wish, hook_reach, hook_line, hook_sending,
    hook_try to regulars_app;
select fence(array['hook', 'hook_wish', 'hook_reach', 'hook_line', 'hook_sending', 'hook_try']);
