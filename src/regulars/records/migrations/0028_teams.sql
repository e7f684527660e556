-- Teams that reach a challenge together (semantics H2).

-- ── teams ───────────────────────────────────────────────────────────────────────────────────
-- Who reaches a challenge together, and with which code others join.
create table team (
    program_id integer     not null,
    team_id    uuid        not null,
    challenge  text        not null,            -- as in the program file
    name       text        not null,            -- '' for none
    code       text        not null,            -- whoever knows it may join
    member_id  uuid        not null,            -- who formed it
    founded_at timestamptz not null,
    primary key (program_id, team_id)
);
create unique index team_by_code on team (program_id, code);
create index team_of_founder on team (program_id, member_id);
create trigger only_personal before update on team
    for each row execute function only_personal('name');

-- Who is in a team, since when; until when, once they left.
create table team_place (
    program_id integer     not null,
    member_id  uuid        not null,
    place_id   uuid        not null,
    team_id    uuid        not null,
    since      timestamptz not null,
    until      timestamptz check (until >= since),
    primary key (program_id, member_id, place_id)
);
create unique index team_place_by_id on team_place (program_id, place_id);
create index team_place_of_team on team_place (program_id, team_id);

create function only_left_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.until is null and new.until is not null
       and to_jsonb(old) - 'until' is not distinct from to_jsonb(new) - 'until'
    then
        return new;
    end if;
    raise exception 'a place in a team is taken once and left once'
        using errcode = 'restrict_violation';
end $$;
create trigger only_left_once before update or delete on team_place
    for each row execute function only_left_once();

create function erases_teams(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update team set name = '' where program_id = here and member_id = who;
    update team_place set until = greatest(since, told)
     where program_id = here and member_id = who and until is null;
$$;
revoke execute on function erases_teams(integer, uuid, timestamptz, text[], text[]) from public;

select never_change(array['team']);
grant select, insert, update on team_place to regulars_app;
select fence(array['team', 'team_place']);
