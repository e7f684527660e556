-- Why members of a round were left out: how many, by the code of the refusal.
alter table adjustment_round add column left_out jsonb not null default '{}';

-- Names of members of the transaction's program, by their indexes. The application's own fence keeps
-- what calls `lower` out of the condition of an index, since such a function could tell what it is
-- given; here the owner asks, for ids and for the order of given names, and for nothing else.
create function members_named(givens text[], families text[], most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    select m.member_id from unnest(givens) as k (begins)
     cross join lateral (
           select member_id from member
            where program_id = current_setting('regulars.program_id')::integer
              and lower(given_name) collate "C" >= lower(k.begins) collate "C"
              and lower(given_name) collate "C" < (lower(k.begins) || chr(1114111)) collate "C"
            order by lower(given_name) collate "C" limit most) m
    union all
    select m.member_id from unnest(families) as k (begins)
     cross join lateral (
           select member_id from member
            where program_id = current_setting('regulars.program_id')::integer
              and lower(family_name) collate "C" >= lower(k.begins) collate "C"
              and lower(family_name) collate "C" < (lower(k.begins) || chr(1114111)) collate "C"
            order by lower(family_name) collate "C" limit most) m
$$;
create function members_by_name(past text, past_id uuid, until text, most integer)
returns table (at text, member_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
    select lower(m.given_name) collate "C", m.member_id from member m
     where m.program_id = current_setting('regulars.program_id')::integer
       and (lower(m.given_name) collate "C", m.member_id) > (past, past_id)
       and lower(m.given_name) collate "C" <= until collate "C"
     order by lower(m.given_name) collate "C", m.member_id limit most
$$;
revoke all on function members_named(text[], text[], integer) from public;
revoke all on function members_by_name(text, uuid, text, integer) from public;
grant execute on function members_named(text[], text[], integer) to regulars_app;
grant execute on function members_by_name(text, uuid, text, integer) to regulars_app;
