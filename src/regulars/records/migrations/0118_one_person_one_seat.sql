-- Who came keeps their seat when they are erased; one person has one seat; clubs are read by place.

-- ── who goes, and who becomes one ───────────────────────────────────────────────────────────────
-- Whoever was checked in before it began has come: that is counted on, as what is over is.
create or replace function leaves_seats(here integer, members uuid[], told timestamptz)
returns void language plpgsql set search_path = public, pg_temp as $$
declare
    what uuid;
begin
    for what in
        select distinct s.gathering_id
          from seat s join gathering g using (program_id, gathering_id)
         where s.program_id = here and s.member_id = any(members)
           and s.state <> 'given_up' and s.came_at is null and g.begins_at > told
         order by s.gathering_id
    loop
        perform pg_advisory_xact_lock(7410, hashtext(here || ':' || what::text));
        update seat set state = 'given_up', ended_at = told
         where program_id = here and gathering_id = what and member_id = any(members)
           and state <> 'given_up' and came_at is null;
        perform fill_seats(here, what, told);
    end loop;
end $$;

-- Of two seats of one person at what has not begun the better one stays: that where they were
-- checked in, then one that is theirs, then the place further ahead. What is free is given on.
create function joins_seats(here integer, who uuid, told timestamptz)
returns void language plpgsql set search_path = public, pg_temp as $$
declare
    what uuid;
    family uuid[] := array(select who union all
                           select member_id from member_alias
                            where program_id = here and into_id = who);
begin
    for what in
        select s.gathering_id
          from seat s join gathering g using (program_id, gathering_id)
         where s.program_id = here and s.member_id = any(family)
           and s.state <> 'given_up' and g.begins_at > told
         group by s.gathering_id having count(*) > 1
         order by s.gathering_id
    loop
        perform pg_advisory_xact_lock(7410, hashtext(here || ':' || what::text));
        update seat set state = 'given_up', ended_at = told
         where program_id = here and gathering_id = what and member_id = any(family)
           and state <> 'given_up' and came_at is null
           and seat_id <> (select seat_id from seat
                            where program_id = here and gathering_id = what
                              and member_id = any(family) and state <> 'given_up'
                            order by came_at is null, state <> 'held', line limit 1);
        perform fill_seats(here, what, told);
    end loop;
end $$;

-- Whoever is shown of a club, the latest first.
create index club_place_shown on club_place (program_id, club_id, since desc, place_id)
 where until is null and shows;

-- Who had a seat, or waited for one, at what was called off is told of it, once.
alter table seat add column off_told boolean not null default false;
create index gathering_off on gathering (program_id, begins_at) where state = 'cancelled';
create index seat_off on seat (program_id, gathering_id, seat_id)
 where state <> 'given_up' and not off_told;

-- Of what an erased member wrote nobody's words are left, those of who reported it neither.
create or replace function forgets_posts(here integer, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    update member_post set about = '', rating = null, title = '', says = '', reason = '',
           state = 'forgotten'
     where program_id = here and member_id = any(members) and state <> 'forgotten';
    delete from post_report where program_id = here and member_id = any(members);
    delete from post_report r using member_post p
     where p.program_id = here and p.member_id = any(members)
       and r.program_id = p.program_id and r.post_id = p.post_id;
$$;

-- What was reported, and nobody looked since.
create index post_report_open on post_report (program_id, post_id) where settled_at is null;
