-- Of some benefits one person of the shop looks after whoever has them (ADR 0562, semantics G2).

do $$ begin
    perform allow_also('midnight_step', 'step', array['follow_associates']);
    perform allow_also('parked_member', 'step', array['follow_associates']);
end $$;

-- ── associates ──────────────────────────────────────────────────────────────────────────────────
-- Who looks after whom, because of which benefit. One ends and another begins; only an end that is
-- still to come is taken back, where the benefit came back before it.
create table benefit_associate (
    program_id   integer     not null,
    associate_id uuid        not null,          -- of this stretch of time, not of the person
    member_id    uuid        not null,
    benefit      text        not null,
    staff_id     uuid        not null,
    store        text        not null,          -- the member's store as it was then; '' for none
    how          text        not null check (how in ('fewest', 'by_hand')),
    begun_at     timestamptz not null,
    begun_by     text        not null,
    ended_at     timestamptz,                   -- exclusive; may be to come
    why          text        not null default '' check (why in ('', 'over', 'changed', 'by_hand')),
    ended_by     text        not null default '',
    looked_at    timestamptz not null,          -- when it was seen last that they have the benefit
    primary key (program_id, associate_id),
    check ((ended_at is null) = (why = ''))
) with (fillfactor = 85);
create unique index benefit_associate_open on benefit_associate (program_id, member_id, benefit)
    where ended_at is null;
create index benefit_associate_of on benefit_associate (program_id, member_id, associate_id desc);
create index benefit_associate_by on benefit_associate (program_id, staff_id, associate_id)
    where ended_at is null;
create index benefit_associate_look on benefit_associate (program_id, looked_at)
    where ended_at is null;
create type benefit_associate_row as (
    associate_id uuid, member_id uuid, benefit text, staff_id uuid, store text, how text,
    begun_by text, ended_at timestamptz, why text
);

create function erases_associates(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from benefit_associate where program_id = here and member_id = who;
$$;
revoke execute on function erases_associates(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update, delete on benefit_associate to regulars_app;
select fence(array['benefit_associate']);

-- As in 0075; who looks after them goes, too.
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
    delete from automatic_clock where program_id = here and member_id = any(members);
    delete from membership_clock where program_id = here and member_id = any(members);
    delete from prize_clock where program_id = here and member_id = any(members);
    update deed set own_day = 0
     where program_id = here and member_id = any(members) and own_day <> 0;
    perform set_config('regulars.erasing', '', true);
    return done;
end $$;
