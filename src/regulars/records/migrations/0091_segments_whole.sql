-- Segments at a million members: how many there are is kept, and what is asked is read out of
-- indexes; segments that tell; memberships that stand by their moves (ADR 0728, 0729).

-- ── how many there are ──────────────────────────────────────────────────────────────────────────
-- How many members somebody is among: of all who are active, and of each segment. A sum of rows:
-- whoever changes it adds one, so nobody waits for anybody, and every snapshot sums to what it
-- sees. The worker puts many into one.
create table member_tally (
    program_id integer not null,
    of_id      uuid    not null,               -- the segment; of all active members nothing but 0
    tally_id   bigint  not null generated always as identity,
    change     bigint  not null,
    primary key (program_id, of_id, tally_id)
);

-- Called by triggers of a table that says who is among them: came are rows that count now, went
-- those that counted before.
create function tallies_members() returns trigger language plpgsql
set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into member_tally (program_id, of_id, change)
        select program_id, '00000000-0000-0000-0000-000000000000'::uuid, count(*) from came
         where state = 'active' group by program_id;
    elsif tg_op = 'DELETE' then
        insert into member_tally (program_id, of_id, change)
        select program_id, '00000000-0000-0000-0000-000000000000'::uuid, -count(*) from went
         where state = 'active' group by program_id;
    else
        insert into member_tally (program_id, of_id, change)
        select program_id, '00000000-0000-0000-0000-000000000000'::uuid, sum(change)
          from (select program_id, 1 as change from came where state = 'active'
                union all select program_id, -1 from went where state = 'active') c
         group by program_id having sum(change) <> 0;
    end if;
    return null;
end $$;
create function tallies_segments() returns trigger language plpgsql
set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into member_tally (program_id, of_id, change)
        select program_id, segment_id, count(*) from came group by program_id, segment_id;
    else
        insert into member_tally (program_id, of_id, change)
        select program_id, segment_id, -count(*) from went group by program_id, segment_id;
    end if;
    return null;
end $$;
revoke execute on function tallies_members(), tallies_segments() from public;
create trigger tallies_new after insert on member referencing new table as came
    for each statement execute function tallies_members();
create trigger tallies_old after delete on member referencing old table as went
    for each statement execute function tallies_members();
create trigger tallies_both after update on member referencing old table as went new table as came
    for each statement execute function tallies_members();
create trigger tallies_new after insert on segment_member referencing new table as came
    for each statement execute function tallies_segments();
create trigger tallies_old after delete on segment_member referencing old table as went
    for each statement execute function tallies_segments();
insert into member_tally (program_id, of_id, change)
select program_id, '00000000-0000-0000-0000-000000000000'::uuid, count(*) from member
 where state = 'active' group by program_id;
insert into member_tally (program_id, of_id, change)
select program_id, segment_id, count(*) from segment_member group by program_id, segment_id;

-- ── read out of indexes alone ───────────────────────────────────────────────────────────────────
create index member_active on member (program_id, member_id) where state = 'active';
-- The last word of each about a channel stands first.
create index consent_last on consent (program_id, channel, member_id, changed_at desc)
    include (state);
-- Who was here within some days is read like who bought.
drop index member_day_by_day;
create index member_day_by_day on member_day (program_id, day, store, member_id)
    include (orders, net_minor, sales, visits);

-- ── segments that tell, and by what they stand ──────────────────────────────────────────────────
alter table segment
    add column tells     boolean     not null default false,  -- others hear who comes and goes
    add column filled_at timestamptz,           -- since when its members change by moves alone
    add column filled_by integer;               -- by which version of the program they stand
-- What stands already was filled before anybody counted: it is filled once more, without moves.
update segment set filled = null;

-- Of a segment that tells, which moves are still to be told.
alter table segment_move add column told boolean not null default true;
create index segment_move_untold on segment_move (program_id, at, segment_id, member_id)
    where not told;

grant select, insert, update, delete on member_tally to regulars_app;
select fence(array['member_tally']);
