-- Challenges, streaks and what there is for them (semantics H2).

do $$
begin
    perform allow_also('midnight_step', 'step', array['settle_prizes']);
    perform allow_also('parked_member', 'step', array['settle_prizes']);
end $$;

-- ── challenges and streaks ──────────────────────────────────────────────────────────────────
-- What members did since the program has challenges or streaks, so that it is found by member.
create table deed (
    program_id  integer     not null,
    member_id   uuid        not null,
    activity_id uuid        not null,
    occurred_at timestamptz not null,
    own_day     integer     not null,           -- day where the member lived when we were told
    primary key (program_id, member_id, activity_id)
);

-- Whom to look at: they did something, or took something back, since prizes were settled.
create table prize_clock (
    program_id integer     not null,
    member_id  uuid        not null,
    due_at     timestamptz not null,
    primary key (program_id, member_id)
);
create index prize_clock_due on prize_clock (program_id, due_at);

-- Who said that they take part in a challenge, since when.
create table challenge_part (
    program_id integer     not null,
    member_id  uuid        not null,
    part_id    uuid        not null,
    challenge  text        not null,
    since      timestamptz not null,
    primary key (program_id, member_id, part_id)
);
create unique index challenge_part_by_id on challenge_part (program_id, part_id);

-- What a member got for a challenge or a streak, and whether it was taken back.
create table prize (
    program_id integer     not null,
    member_id  uuid        not null,
    prize_id   uuid        not null,
    game       text        not null check (game in ('challenge', 'streak')),
    name       text        not null,            -- of the challenge or streak, as in the file
    began_on   integer     not null,            -- first day of the period or streak; 0 for none
    place      integer     not null check (place > 0), -- the how-manieth time, or the length
    version    integer     not null,            -- whose promise it is
    deed_id    uuid        not null,            -- what reached it
    reached_at timestamptz not null,
    wallet     integer,
    units      bigint      not null check (units >= 0),
    entry_id   uuid,
    grant_id   uuid,
    badge      text        not null,            -- '' for none
    given_at   timestamptz not null,
    undone_at  timestamptz,
    undone_by  uuid,                            -- the entry that took the points back
    check ((units > 0) = (entry_id is not null) and (units > 0) <= (wallet is not null)),
    check (undone_by is null or undone_at is not null),
    primary key (program_id, member_id, prize_id)
);
create unique index prize_by_id on prize (program_id, prize_id);
create index prize_of_grant on prize (program_id, grant_id) where grant_id is not null;
-- Nobody has a prize twice.
create unique index prize_once on prize (program_id, member_id, game, name, began_on, place)
    where undone_at is null;

create type prize_row as (
    member_id uuid, prize_id uuid, game text, name text, began_on int, place int, version int,
    deed_id uuid, reached_at timestamptz, wallet int, units bigint, entry_id uuid, grant_id uuid,
    badge text, given_at timestamptz
);

create function only_taken_back() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.undone_at is null and new.undone_at is not null
       and to_jsonb(old) - '{undone_at,undone_by}'::text[]
           is not distinct from to_jsonb(new) - '{undone_at,undone_by}'::text[]
    then
        return new;
    end if;
    raise exception 'a prize is given once and taken back once'
        using errcode = 'restrict_violation';
end $$;
create trigger only_taken_back before update or delete on prize
    for each row execute function only_taken_back();

create function erases_prizes(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update deed set own_day = 0 where program_id = here and member_id = who;
    delete from prize_clock where program_id = here and member_id = who;
$$;
revoke execute on function erases_prizes(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update on prize to regulars_app;
grant select, insert on deed, challenge_part to regulars_app;
grant select, insert, update, delete on prize_clock to regulars_app;
select fence(array['deed', 'prize_clock', 'challenge_part', 'prize']);
