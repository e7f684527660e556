-- Whoever is blocked keeps their place in the line and is passed over: at the door they would be
-- sent away, and the seat would stay empty.
create or replace function fill_seats(here integer, what uuid, told timestamptz)
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
           and s.settled_at is null
           and exists (select from member m where m.program_id = here
                          and m.member_id = s.member_id and m.state <> 'blocked')
         order by s.line limit (select greatest(free, 0) from room)
    )
    update seat s set state = 'held', held_at = told, moved_up = true, told_at = null
      from following f
     where s.program_id = here and s.gathering_id = what and s.member_id = f.who
    returning s.member_id;
end $$;
