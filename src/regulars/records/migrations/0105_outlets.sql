-- Other systems are told of members: which, how far, and what each of them knows (ADR 0773).

-- ── who is told of members ──────────────────────────────────────────────────────────────────────
-- One row for each inlet whose system is told of members. The keys are encrypted by a key that the
-- database does not know; empty, they are those by which the system is asked.
create table outlet (
    program_id integer     not null,
    inlet_id   uuid        not null,
    address    text        not null check (length(address) between 1 and 500),
    keys       bytea       not null,
    -- how far the events were looked at; as in `delivery_reach`
    below_tx   bigint      not null,
    after_id   uuid        not null,
    cluster    bigint      not null,
    looked_at  timestamptz not null,
    floor_at   timestamptz not null,
    -- all members are gone through: compared with what it knows, from a day on, or told once more
    walk       text        not null default '' check (walk in ('', 'compare', 'since', 'again')),
    walk_since timestamptz,                          -- who did nothing from then on is left out
    walk_after uuid        not null default '00000000-0000-0000-0000-000000000000',
    walk_seen  bigint      not null default 0,
    walk_of    bigint      not null default 0,       -- how many members there were when it began
    walked_at  timestamptz,                          -- when the last one came to its end
    night      date,                                 -- whose values of members were told
    -- how it answers
    next_at    timestamptz not null,
    told_at    timestamptz,                          -- when it took something last
    told       bigint      not null default 0,       -- how many records it took
    failures   integer     not null default 0,       -- in a row
    problem    text        not null default '',      -- of the last try
    made_at    timestamptz not null,
    primary key (program_id, inlet_id)
);
create index outlet_due on outlet (next_at);

-- ── what it knows of each member ────────────────────────────────────────────────────────────────
-- Never what was told, only a digest of it. A change that comes while a member is being told counts
-- up, so that the telling does not end before it.
create table outlet_member (
    program_id integer     not null,
    inlet_id   uuid        not null,
    member_id  uuid        not null,
    changed    bigint      not null default 1 check (changed > 0),
    anew       boolean     not null default false,   -- told also where nothing is different
    try_at     timestamptz,                          -- null: it knows all there is
    since      timestamptz,                          -- since when it does not
    tries      integer     not null default 0,       -- in vain
    told       uuid,                                 -- the digest of what it knows
    told_at    timestamptz,
    code       text        not null default '',      -- why it does not take this member
    field      text        not null default '',
    problem    text        not null default '',
    primary key (program_id, inlet_id, member_id),
    check ((try_at is null) = (since is null)),
    check (code = '' or try_at is null)
);
create index outlet_member_due on outlet_member (program_id, inlet_id, try_at) where try_at is not null;
create index outlet_member_open on outlet_member (program_id, inlet_id, member_id) where code <> '';

grant select, insert, update, delete on outlet, outlet_member to regulars_app;
select fence(array['outlet', 'outlet_member']);
