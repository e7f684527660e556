-- What is kept of people and for how long: letters that fail for now again and again, and who is
-- forgotten in time.

-- ── letters that failed for now ─────────────────────────────────────────────────────────────────
-- When the last ones did: so many within so many days, and the address is not written to any more.
alter table bounced_address add column soft_at timestamptz[] not null default '{}';

-- ── who is forgotten ────────────────────────────────────────────────────────────────────────────
-- Of whom nothing was heard for long: since when they know, and from when on they are erased.
create table erasure_notice (
    program_id integer     not null,
    member_id  uuid        not null,
    noticed_at timestamptz not null,
    due_at     timestamptz not null,
    primary key (program_id, member_id),
    check (due_at > noticed_at)
);
create index erasure_notice_due on erasure_notice (program_id, due_at, member_id);

-- Which nights were gone through, and how many were told, erased, and had come back.
create table retention_day (
    program_id integer     not null,
    day        date        not null,
    noticed    integer     not null check (noticed >= 0),
    erased     integer     not null check (erased >= 0),
    stayed     integer     not null check (stayed >= 0),
    at         timestamptz not null,
    primary key (program_id, day)
);

create function erases_erasure_notice(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from erasure_notice where program_id = here and member_id = who;
$$;
revoke execute on function erases_erasure_notice(integer, uuid, timestamptz, text[], text[]) from public;

-- As in 0077; that somebody was told of an erasure goes with them, too.
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

grant select, insert, update, delete on erasure_notice, retention_day to regulars_app;
select fence(array['erasure_notice', 'retention_day']);
