-- An erasure finds what its member has of keys and events without reading those of everybody.

-- Neither table has an index by member, as each of its rows would pay for it in every earn. A
-- summary of each stretch of blocks costs nothing there: it is made once the stretch is full, of at
-- most so many members.
create index once_of_member on once
    using brin (member_id uuid_bloom_ops(n_distinct_per_range = 2500))
    with (pages_per_range = 32, autosummarize = on);
create index outbox_of_member on outbox
    using brin (member_id uuid_bloom_ops(n_distinct_per_range = 2500))
    with (pages_per_range = 32, autosummarize = on);

-- As before, but what a member did is asked for as the index says it, without nobody's, and the
-- keys are gone through once.
create or replace function erase_member(
    who uuid, erased timestamptz, told timestamptz, by_whom text, fresh_number text,
    activity_ids uuid[], packings bytea[], known text[]
) returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here constant integer := current_setting('regulars.program_id')::integer;
    texts text[];
    names text[];
begin
    insert into erasure select here, who, erased, by_whom, told
     where exists (select from member where program_id = here and member_id = who)
        on conflict do nothing;
    if not found then
        return false;
    end if;
    perform set_config('regulars.erasing', who::text, true);

    -- Texts by which somebody is known as the one who acted: what they are found by, their family
    -- name, or the given name of who has no other.
    select array_agg(lower(said)) into texts from (
        select value as said from identifier where program_id = here and member_id = who
        union select coalesce(nullif(family_name, ''), given_name) from member
         where program_id = here and member_id = who
        union select unnest(known)
    ) as every where length(said) > 3;

    select array_agg(lower(value)) into names from identifier
     where program_id = here and member_id = who;

    insert into erasure_salt
    select here, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
     where not exists (select from erasure_salt where program_id = here);
    insert into erased_name
    select here, digest_of_name(s.salt, i.kind, i.value), who, erased
      from identifier i join erasure_salt s on s.program_id = i.program_id
     where i.program_id = here and i.member_id = who
        on conflict do nothing;

    delete from identifier where program_id = here and member_id = who;
    insert into identifier values (here, 'number', fresh_number, who, told);
    update member set number = fresh_number, state = 'erased', given_name = '', family_name = '',
                      locale = '', zone = '', attributes = '{}'
     where program_id = here and member_id = who;

    update activity
       set body = without_texts(body), actor = shown_actor(actor, texts)
     where program_id = here and member_id = who
       and member_id <> '00000000-0000-0000-0000-000000000000'
       and (body <> without_texts(body) or actor <> shown_actor(actor, texts));
    update trail t set packed = p.packed
      from unnest(activity_ids, packings) as p (activity_id, packed)
     where t.program_id = here and t.member_id = who and t.activity_id = p.activity_id;
    update entry
       set reason = case when reason = '' then '' else 'erased' end,
           actor = shown_actor(actor, texts)
     where program_id = here and member_id = who
       and (reason <> '' or actor <> shown_actor(actor, texts));
    update redemption set actor = shown_actor(actor, texts)
     where program_id = here and member_id = who and actor <> shown_actor(actor, texts);

    -- Who joined or was changed: the request holds the person. Of everything else the key and the
    -- answer stay, so that a receipt sent again changes nothing; what was asked is forgotten.
    with mine as materialized (
        select key, subject_id from once where program_id = here and member_id = who
    ), gone as (
        delete from once o using mine m
         where o.program_id = here and o.key = m.key and m.subject_id = who
    )
    update once o set content = '00000000-0000-0000-0000-000000000000' from mine m
     where o.program_id = here and o.key = m.key and m.subject_id <> who;
    update outbox set payload = payload - 'number'
     where program_id = here and member_id = who and payload ? 'number';

    perform erase_beside(here, who, told, names, texts);
    perform set_config('regulars.erasing', '', true);
    return true;
end $$;

-- Since when imports keep whom they make (0061): of one that began before, it may be half of them.
create function links_kept_since() returns timestamptz
language sql stable security definer set search_path = public, pg_temp as $$
    select applied_at from schema_migration where number = 61
$$;
revoke execute on function links_kept_since() from public;
grant execute on function links_kept_since() to regulars_app;
