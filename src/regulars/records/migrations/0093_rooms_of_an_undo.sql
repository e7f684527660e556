-- An undo of an import asks each room for what it keeps of the members it takes back, as erasing
-- does: a room that keeps something of them brings a function takes_back_<room> with it.

create function takes_back_blocks(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    update block set reason = 'erased'
     where program_id = here and member_id = any(members) and reason <> 'erased';
    update deed set own_day = 0
     where program_id = here and member_id = any(members) and own_day <> 0;
$$;

create function takes_back_messages(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    update message set delivered_by = 'erased'
     where program_id = here and member_id = any(members) and delivered_by <> '';
    delete from delivery where program_id = here and member_id = any(members);
    delete from unsent_letter where program_id = here and member_id = any(members);
    delete from bounced_address where program_id = here and member_id = any(members);
    delete from erasure_notice where program_id = here and member_id = any(members);
$$;

create function takes_back_cards(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from card_code where program_id = here and member_id = any(members);
    delete from referral_code where program_id = here and member_id = any(members);
    delete from referral_mark where program_id = here and member_id = any(members);
$$;

create function takes_back_values(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from member_value where program_id = here and member_id = any(members);
    delete from member_alert where program_id = here and member_id = any(members);
$$;

create function takes_back_segments(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from segment_member where program_id = here and member_id = any(members);
    delete from segment_move where program_id = here and member_id = any(members);
$$;

create function takes_back_clocks(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from benefit_associate where program_id = here and member_id = any(members);
    delete from automatic_clock where program_id = here and member_id = any(members);
    delete from membership_clock where program_id = here and member_id = any(members);
    delete from prize_clock where program_id = here and member_id = any(members);
$$;

-- It is still counted what became of a message to them; nothing is sent any more.
create function takes_back_campaigns(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    update campaign_message
       set address = null, detail = '',
           state = case state when 'waiting' then 'skipped' when 'sending' then 'unknown'
                              else state end,
           reason = case when state in ('waiting', 'sending') then 'gone' else reason end,
           settled_at = coalesce(settled_at, told)
     where program_id = here and member_id = any(members);
$$;

do $$
declare
    room text;
begin
    for room in select proname from pg_proc
                 where pronamespace = 'public'::regnamespace and proname like 'takes\_back\_%' loop
        execute format('revoke execute on function %I(integer, timestamptz, uuid[]) from public', room);
    end loop;
end $$;

create or replace function take_back_members(
    which uuid, told timestamptz, members uuid[], numbers text[], trails uuid[], packings bytea[]
) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here constant integer := current_setting('regulars.program_id')::integer;
    done integer;
    room text;
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

    update outbox set payload = payload - 'number' #- '{object,loyalty_account,mapping}'
                                        #- '{object,loyalty_event,adjust_points,reason}'
     where program_id = here and member_id = any(members) and outbox_id > which
       and (payload ? 'number' or payload ? 'object');
    for room in
        select proname from pg_proc
         where pronamespace = 'public'::regnamespace and proname like 'takes\_back\_%'
           and proowner = 'regulars_owner'::regrole
         order by proname
    loop
        execute format('select %I($1, $2, $3)', room) using here, told, members;
    end loop;
    perform set_config('regulars.erasing', '', true);
    return done;
end $$;
