-- Segments: members to whom the same can be said, by a condition or by hand (ADR 0705).

-- ── segments ────────────────────────────────────────────────────────────────────────────────────
-- Members to whom the same can be said: who fits a condition, or whom somebody put on a list.
create table segment (
    program_id  integer     not null,
    segment_id  uuid        not null,
    code        text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 40),
    name        text        not null check (length(name) between 1 and 80),
    kind        text        not null check (kind in ('rule', 'list')),
    version     integer     not null check (version >= 1),        -- the latest, saved or not
    saved       integer     check (saved between 1 and version),  -- by which it counts who is in it
    made_at     timestamptz not null,
    made_by     text        not null check (made_by <> ''),
    changed_at  timestamptz not null,
    filled      integer,                        -- by which version its members stand
    filled_on   date,                           -- as of which day of the program
    primary key (program_id, segment_id)
);
create unique index segment_code on segment (program_id, code);

-- Every condition that was written down, in its order; kept when it does not count any more.
create table segment_version (
    program_id integer     not null,
    segment_id uuid        not null,
    version    integer     not null,
    condition  jsonb       not null,            -- 'null' of a list
    made_at    timestamptz not null,
    made_by    text        not null check (made_by <> ''),
    primary key (program_id, segment_id, version)
);

-- Who was put on a list by hand or from a file; under the id of then, whoever they stand as now.
create table segment_listed (
    program_id integer     not null,
    segment_id uuid        not null,
    member_id  uuid        not null,
    at         timestamptz not null,
    primary key (program_id, segment_id, member_id)
);
create index segment_listed_of on segment_listed (program_id, member_id);

-- Who is in it, as of the books some seconds ago; worked out of everything else.
create table segment_member (
    program_id integer     not null,
    segment_id uuid        not null,
    member_id  uuid        not null,
    since      timestamptz not null,
    primary key (program_id, segment_id, member_id)
);
create index segment_member_of on segment_member (program_id, member_id);

-- Who came in and went out, and of what: what was booked or said, or time. Nobody comes or goes
-- because the condition was changed.
create table segment_move (
    program_id integer     not null,
    segment_id uuid        not null,
    member_id  uuid        not null,
    at         timestamptz not null,
    entered    boolean     not null,
    because    text        not null check (because in ('told', 'time')),
    version    integer     not null,
    primary key (program_id, segment_id, at, member_id, entered)
);
create index segment_move_of on segment_move (program_id, member_id);

-- Whom something was said of that no entry tells of; forgotten once it was looked at.
create table segment_touch (
    program_id  integer not null,
    recorded_tx bigint  not null default (pg_current_xact_id()::text::bigint),
    member_id   uuid    not null,
    primary key (program_id, recorded_tx, member_id)
);

-- How far members of all segments follow the books, as in `prepared_reach`.
create table segment_reach (
    program_id integer not null primary key,
    cluster    bigint  not null,
    below_tx   bigint  not null
) with (fillfactor = 70);

create function touches_segments() returns trigger language plpgsql
set search_path = public, pg_temp as $$
begin
    insert into segment_touch (program_id, member_id)
    select distinct c.program_id, c.member_id from changed c
     where exists (select from segment s where s.program_id = c.program_id)
        on conflict do nothing;
    return null;
end $$;
revoke execute on function touches_segments() from public;

do $$
declare
    t text;
begin
    foreach t in array array['member', 'member_tag', 'identifier', 'segment_listed'] loop
        execute format('create trigger touches_new after insert on %I referencing new table as '
                       'changed for each statement execute function touches_segments()', t);
        execute format('create trigger touches_old after delete on %I referencing old table as '
                       'changed for each statement execute function touches_segments()', t);
        execute format('create trigger touches_both after update on %I referencing new table as '
                       'changed for each statement execute function touches_segments()', t);
    end loop;
    foreach t in array array['consent', 'tier_move'] loop
        execute format('create trigger touches_new after insert on %I referencing new table as '
                       'changed for each statement execute function touches_segments()', t);
    end loop;
end $$;

-- Of an erased member no segment says anything any more.
create function erases_segments(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from segment_listed where program_id = here and member_id = who;
    delete from segment_member where program_id = here and member_id = who;
    delete from segment_move where program_id = here and member_id = who;
$$;
revoke execute on function erases_segments(integer, uuid, timestamptz, text[], text[]) from public;

-- Nor of one whose import is undone.
create or replace function take_back_members(
    which uuid, told timestamptz, members uuid[], numbers text[], trails uuid[], packings bytea[]
) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here constant integer := current_setting('regulars.program_id')::integer;
    done integer;
begin
    if exists (select from unnest(members) as m (id)
                where not exists (select from import_undone u
                                   where u.program_id = here and u.import_id = which
                                     and u.member_id = m.id and u.made and u.state = 'waiting')) then
        raise exception 'only who waits to be taken back is taken back'
            using errcode = 'restrict_violation';
    end if;
    insert into erasure select here, id, told, 'import:' || which, told from unnest(members) as m (id);
    get diagnostics done = row_count;
    perform set_config('regulars.erasing', array_to_string(members, ','), true);
    delete from identifier where program_id = here and member_id = any(members);
    insert into identifier
    select here, 'number', number, id, told from unnest(members, numbers) as m (id, number);
    update member m set number = n.number, state = 'erased', given_name = '', family_name = '',
                        locale = '', zone = '', attributes = '{}', derived = null
      from unnest(members, numbers) as n (id, number)
     where m.program_id = here and m.member_id = n.id;
    update activity set body = without_texts(body)
     where program_id = here and member_id = any(members) and body <> without_texts(body)
       and member_id <> '00000000-0000-0000-0000-000000000000';  -- as the index says it
    update trail t set packed = p.packed
      from unnest(trails, packings) as p (activity_id, packed)
     where t.program_id = here and t.member_id = any(members) and t.activity_id = p.activity_id;
    update entry set reason = 'erased'
     where program_id = here and member_id = any(members) and reason not in ('', 'erased');
    update consent set source = 'erased'
     where program_id = here and member_id = any(members) and source <> 'erased';

    -- What rooms beside keep of them, as each of their functions erases_… has it.
    update block set reason = 'erased'
     where program_id = here and member_id = any(members) and reason <> 'erased';
    update message set delivered_by = 'erased'
     where program_id = here and member_id = any(members) and delivered_by <> '';
    update outbox set payload = payload - 'number' #- '{object,loyalty_account,mapping}'
                                        #- '{object,loyalty_event,adjust_points,reason}'
     where program_id = here and member_id = any(members) and outbox_id > which
       and (payload ? 'number' or payload ? 'object');
    delete from delivery where program_id = here and member_id = any(members);
    delete from unsent_letter where program_id = here and member_id = any(members);
    delete from bounced_address where program_id = here and member_id = any(members);
    delete from card_code where program_id = here and member_id = any(members);
    delete from referral_code where program_id = here and member_id = any(members);
    delete from referral_mark where program_id = here and member_id = any(members);
    delete from member_value where program_id = here and member_id = any(members);
    delete from member_alert where program_id = here and member_id = any(members);
    delete from segment_member where program_id = here and member_id = any(members);
    delete from segment_move where program_id = here and member_id = any(members);
    delete from benefit_associate where program_id = here and member_id = any(members);
    delete from erasure_notice where program_id = here and member_id = any(members);
    delete from automatic_clock where program_id = here and member_id = any(members);
    delete from membership_clock where program_id = here and member_id = any(members);
    delete from prize_clock where program_id = here and member_id = any(members);
    update deed set own_day = 0
     where program_id = here and member_id = any(members) and own_day <> 0;
    perform set_config('regulars.erasing', '', true);
    return done;
end $$;

grant select, insert, update, delete on segment, segment_version, segment_listed, segment_member,
    segment_move, segment_touch, segment_reach to regulars_app;
select fence(array['segment', 'segment_version', 'segment_listed', 'segment_member', 'segment_move',
                   'segment_touch', 'segment_reach']);
