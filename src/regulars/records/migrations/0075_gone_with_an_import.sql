-- Whoever goes with an import leaves nothing behind of what was reckoned of them either.

-- As in 0066; what members are worth, alerts about them and the arms they were in go, too.
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
    delete from automatic_clock where program_id = here and member_id = any(members);
    delete from membership_clock where program_id = here and member_id = any(members);
    delete from prize_clock where program_id = here and member_id = any(members);
    update deed set own_day = 0
     where program_id = here and member_id = any(members) and own_day <> 0;
    perform set_config('regulars.erasing', '', true);
    return done;
end $$;
