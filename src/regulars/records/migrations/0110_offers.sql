-- Offers: what is promised to one member or to a segment, beside what everybody is promised (ADR 0806).

-- ── offers ──────────────────────────────────────────────────────────────────────────────────────
-- What it gives, to whom, until when, and how far it came.
create table offer (
    program_id   integer     not null,
    offer_id     uuid        not null,
    code         text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 30),
    name         text        not null check (length(name) between 1 and 80),
    gives        jsonb       not null,             -- a bonus, a multiplier, a reward at a price, access
    says         jsonb       not null,             -- by language what its member reads
    segment_id   uuid,                             -- whoever is in it has it; null: only who is given it
    activating   boolean     not null,             -- it counts once its member says so
    days         integer     check (days between 1 and 366),  -- so long for each member, from when they have it
    ends_on      date,                             -- exclusive: it ends for everybody
    budget       text,                             -- points of all members together, as decimal text
    most         integer     not null check (most >= 1),      -- so many members have it at most
    held_percent integer     not null check (held_percent between 0 and 50),
    state        text        not null check (state in ('draft', 'open', 'closed')),
    version      integer     not null check (version >= 1),
    made_at      timestamptz not null,
    made_by      text        not null check (made_by <> ''),
    changed_at   timestamptz not null,
    changed_by   text        not null check (changed_by <> ''),
    opened_at    timestamptz,
    opened_by    text,
    closed_at    timestamptz,
    closed_by    text,
    holds_out    boolean     not null default false,          -- whether somebody is held out, as decided then
    given        integer     not null default 0 check (given between 0 and most),  -- members who were given it
    given_after  uuid,                             -- all of the segment up to this member were looked at
    given_at     timestamptz,                      -- when all of it were looked at last
    primary key (program_id, offer_id),
    check (days is not null or ends_on is not null),
    check ((state = 'draft') = (opened_at is null)),
    check ((state = 'closed') = (closed_at is not null))
);
create unique index offer_code on offer (program_id, code);
create index offer_open on offer (program_id) where state = 'open';

-- What became of it with each member: one row, so nobody has the same one twice, and whoever chance
-- held out of it stays so.
create table offer_member (
    program_id   integer     not null,
    offer_id     uuid        not null,
    member_id    uuid        not null,
    state        text        not null check (state in ('offered', 'held', 'held_out', 'gone')),
    why          text        not null,             -- of who is held out: here, or everywhere
    how          text        not null check (how in ('segment', 'hand', 'journey', 'choice', 'merge')),
    offered_at   timestamptz not null,
    until_on     date        not null,             -- exclusive: to be activated, or used, before this day
    held_at      timestamptz,                      -- it counts from the local day of this on
    held_by      text        not null default '',
    primary key (program_id, offer_id, member_id),
    check (state <> 'held' or held_at is not null)
) with (fillfactor = 90);
create index offer_member_of on offer_member (program_id, member_id);

-- Of an erased member it is still counted; they have nothing of it any more.
create function erases_offers(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update offer_member set state = 'gone', held_by = ''
     where program_id = here and member_id = who and state <> 'held_out';
$$;
revoke execute on function erases_offers(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_offers(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    update offer_member set state = 'gone', held_by = ''
     where program_id = here and member_id = any(members) and state <> 'held_out';
$$;
revoke execute on function takes_back_offers(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on offer, offer_member to regulars_app;
select fence(array['offer', 'offer_member']);
