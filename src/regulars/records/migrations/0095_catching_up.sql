-- What a shop says is told by its state at a moment, and what its webhooks did not tell is asked for.

-- ── the state an event tells ────────────────────────────────────────────────────────────────────
-- Of several states of one thing the newest that is booked has all that older ones say (ADR 0766).
alter table arrival add column told_at timestamptz;   -- by its sender's clock; null: it tells no state
create index arrival_state on arrival (program_id, inlet_id, name, told_at)
    where told_at is not null and state = 'booked';

-- ── asking for what was not told ────────────────────────────────────────────────────────────────
-- One row for each inlet whose shop is asked. The keys are encrypted by a key that the database does
-- not know (ADR 0767).
create table catch_up (
    program_id integer     not null,
    inlet_id   uuid        not null,
    address    text        not null check (length(address) between 1 and 500),
    keys       bytea       not null,
    since      timestamptz not null,                 -- all that changed from then on is wanted
    read_to    timestamptz not null,                 -- all that changed before is here
    page       integer     not null default 1 check (page > 0),
    found      bigint      not null default 0,       -- how many were read since then
    ahead      bigint,                               -- how many more there are, as the shop says
    next_at    timestamptz not null,
    asked_at   timestamptz,                          -- when it answered last
    met_at     timestamptz,                          -- when nothing was left last
    failures   integer     not null default 0,       -- in a row
    problem    text        not null default '',      -- of the last try
    version    integer     not null default 1,
    primary key (program_id, inlet_id)
);
create index catch_up_due on catch_up (next_at);

grant select, insert, update, delete on catch_up to regulars_app;
select fence(array['catch_up']);
