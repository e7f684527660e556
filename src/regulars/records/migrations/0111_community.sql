-- Clubs that members join, and gatherings they come to (ADR 0826, 0827).

-- ── clubs ───────────────────────────────────────────────────────────────────────────────────────
-- A club of the shop: everybody joins, whoever was invited, or whoever stands on one of its tiers.
create table club (
    program_id integer     not null,
    club_id    uuid        not null,
    code       text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 40),
    name       text        not null check (length(name) between 1 and 80),
    says       jsonb       not null,           -- by language what it is
    joins      text        not null check (joins in ('open', 'invited', 'tier')),
    tiers      text[]      not null default '{}',
    store      text        not null default '', -- of this neighbourhood
    state      text        not null check (state in ('open', 'closed')),
    version    integer     not null check (version >= 1),
    made_at    timestamptz not null,
    made_by    text        not null check (made_by <> ''),
    changed_at timestamptz not null,
    changed_by text        not null check (changed_by <> ''),
    primary key (program_id, club_id),
    check ((joins = 'tier') = (tiers <> '{}'))
);
create unique index club_code on club (program_id, code);

-- Who is in it since when, until when; whether the others of it see them is theirs to say.
create table club_place (
    program_id integer     not null,
    member_id  uuid        not null,
    place_id   uuid        not null,
    club_id    uuid        not null,
    since      timestamptz not null,
    until      timestamptz,
    shows      boolean     not null default false,
    told_of    boolean     not null default false, -- wants to hear of who is new
    primary key (program_id, place_id),
    check (until is null or until >= since)
);
create unique index club_place_once on club_place (program_id, member_id, club_id) where until is null;
create index club_place_ever on club_place (program_id, member_id);
create index club_place_in on club_place (program_id, club_id, since, place_id) where until is null;

-- Whom the shop asked to join; it is theirs to do so.
create table club_invitation (
    program_id integer     not null,
    member_id  uuid        not null,
    club_id    uuid        not null,
    made_at    timestamptz not null,
    made_by    text        not null check (made_by <> ''),
    primary key (program_id, member_id, club_id)
);
create index club_invitation_in on club_invitation (program_id, club_id);

-- ── gatherings ──────────────────────────────────────────────────────────────────────────────────
-- An event to which members come: so many seats, asked for from an instant on, by some earlier.
create table gathering (
    program_id   integer     not null,
    gathering_id uuid        not null,
    code         text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 40),
    name         text        not null check (length(name) between 1 and 80),
    says         jsonb       not null,           -- by language what it is
    club_id      uuid,                           -- for whoever is in this club
    store        text        not null default '',
    at_place     text        not null default '' check (length(at_place) <= 120),
    begins_at    timestamptz not null,
    ends_at      timestamptz not null check (ends_at > begins_at),
    capacity     integer     not null check (capacity between 1 and 100000),
    opens_at     timestamptz not null,           -- from when on seats are asked for
    early_at     timestamptz,                    -- and from when on by who stands on one of these
    early_tiers  text[]      not null default '{}',
    recap        jsonb       not null default '{}',  -- by language how it was
    state        text        not null check (state in ('open', 'cancelled')),
    version      integer     not null check (version >= 1),
    made_at      timestamptz not null,
    made_by      text        not null check (made_by <> ''),
    changed_at   timestamptz not null,
    changed_by   text        not null check (changed_by <> ''),
    primary key (program_id, gathering_id),
    check ((early_at is null) = (early_tiers = '{}')),
    check (early_at is null or early_at < opens_at),
    check (opens_at < begins_at)
);
create unique index gathering_code on gathering (program_id, code);
create index gathering_when on gathering (program_id, begins_at, gathering_id);

-- Who has a seat, or stands in line for one; `line` counts up under the lock of the gathering, so
-- whoever asked first is first.
create table seat (
    program_id   integer     not null,
    gathering_id uuid        not null,
    member_id    uuid        not null,
    seat_id      uuid        not null,
    line         bigint      not null check (line >= 1),
    state        text        not null check (state in ('held', 'waiting', 'given_up')),
    asked_at     timestamptz not null,
    held_at      timestamptz,
    moved_up     boolean     not null default false, -- waited, and was given it
    told_at      timestamptz,                    -- since when that is told
    ended_at     timestamptz,
    came_at      timestamptz,
    came_by      text        not null default '',
    primary key (program_id, gathering_id, member_id),
    check ((state = 'given_up') = (ended_at is not null)),
    check (state <> 'held' or held_at is not null),
    check (came_at is null or state = 'held')
);
create unique index seat_line on seat (program_id, gathering_id, line);
create index seat_of on seat (program_id, member_id);
create index seat_to_tell on seat (program_id, held_at) where moved_up and told_at is null and state = 'held';

-- Whoever waits longest moves up, as many as there are seats free; nobody else may look meanwhile.
create function fill_seats(here integer, what uuid, told timestamptz)
returns setof uuid language plpgsql set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(7410, hashtext(here || ':' || what::text));
    return query
    with room as (
        select g.capacity - (select count(*) from seat s
                              where s.program_id = here and s.gathering_id = what
                                and s.state = 'held') as free
          from gathering g
         where g.program_id = here and g.gathering_id = what and g.state = 'open'
           and g.begins_at > told
    ), following as (
        select s.member_id as who from seat s
         where s.program_id = here and s.gathering_id = what and s.state = 'waiting'
         order by s.line limit (select greatest(free, 0) from room)
    )
    update seat s set state = 'held', held_at = told, moved_up = true, told_at = null
      from following f
     where s.program_id = here and s.gathering_id = what and s.member_id = f.who
    returning s.member_id;
end $$;

-- ── who goes ────────────────────────────────────────────────────────────────────────────────────
-- A seat of somebody who goes, at what has not begun, is free for whoever waits; at what is over it
-- is counted on. `told` of an erasure is when it happened.
create function leaves_seats(here integer, members uuid[], told timestamptz)
returns void language plpgsql set search_path = public, pg_temp as $$
declare
    what uuid;
begin
    for what in
        select distinct s.gathering_id
          from seat s join gathering g using (program_id, gathering_id)
         where s.program_id = here and s.member_id = any(members)
           and s.state <> 'given_up' and g.begins_at > told
         order by s.gathering_id
    loop
        perform pg_advisory_xact_lock(7410, hashtext(here || ':' || what::text));
        update seat set state = 'given_up', ended_at = told
         where program_id = here and gathering_id = what and member_id = any(members)
           and state <> 'given_up';
        perform fill_seats(here, what, told);
    end loop;
end $$;

create function erases_community(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language plpgsql set search_path = public, pg_temp as $$
begin
    perform leaves_seats(here, array[who], told);
    update seat set came_by = 'erased'
     where program_id = here and member_id = who and came_by <> '';
    update club_place set until = greatest(told, since)
     where program_id = here and member_id = who and until is null;
    update club_place set shows = false, told_of = false
     where program_id = here and member_id = who;
    delete from club_invitation where program_id = here and member_id = who;
end $$;
revoke execute on function erases_community(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_community(here integer, told timestamptz, members uuid[])
returns void language plpgsql set search_path = public, pg_temp as $$
begin
    perform leaves_seats(here, members, told);
    delete from club_invitation where program_id = here and member_id = any(members);
end $$;
revoke execute on function takes_back_community(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on club, club_place, club_invitation, gathering, seat to regulars_app;
select fence(array['club', 'club_place', 'club_invitation', 'gathering', 'seat']);
