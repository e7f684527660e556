-- What the shop wrote about somebody in tables that belong to nobody goes with them too, and a
-- refund names the payment it gives back.

-- ── words about the erased ──────────────────────────────────────────────────────────────────
-- As `only_personal`, for rows that do not say whose they are: an erasure, and texts alone.
create function only_words() returns trigger language plpgsql as $$
begin
    if to_jsonb(old) - tg_argv::text[] is distinct from to_jsonb(new) - tg_argv::text[]
       or not exists (select from erasure e
                       where e.program_id = old.program_id
                         and e.member_id::text = current_setting('regulars.erasing', true)) then
        raise exception '% is append-only: an erasure takes personal texts alone', tg_table_name
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger only_personal before update on code_run
    for each row execute function only_words('actor', 'reason');
create trigger only_personal before update on partner_dispute
    for each row execute function only_words('actor', 'reason');
create trigger only_personal before update on partner_decision
    for each row execute function only_words('actor', 'reason');

-- Why codes were issued is about a member when it was issued to nobody else, or names them.
create function erases_runs(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    with mine as (
        select distinct run_id from reward_code
         where program_id = here and member_id = who and run_id is not null
    ), words as (
        select u.run_id,
               not exists (select from reward_code c
                            where c.program_id = here and c.run_id = u.run_id
                              and c.member_id is distinct from who)
               or exists (select from unnest(names || texts) t
                           where length(t) > 3 and position(lower(t) in lower(u.reason)) > 0) as personal
          from mine
          join code_run u on u.program_id = here and u.run_id = mine.run_id
    )
    update code_run u
       set actor = shown_actor(u.actor, texts),
           reason = case when w.personal and u.reason <> '' then 'erased' else u.reason end
      from words w
     where u.program_id = here and u.run_id = w.run_id
       and (w.personal or u.actor <> shown_actor(u.actor, texts));
$$;
create function erases_quarrels(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update partner_decision d set reason = '', actor = shown_actor(d.actor, texts)
     where d.program_id = here
       and d.about_id in (
            select claim_id from partner_claim where program_id = here and member_id = who
             union all
            select q.dispute_id from partner_entry e
              join partner_dispute q on q.program_id = here and q.entry_id = e.entry_id
             where e.program_id = here and e.member_id = who);
    update partner_dispute q set reason = '', actor = shown_actor(q.actor, texts)
      from partner_entry e
     where e.program_id = here and e.member_id = who
       and q.program_id = here and q.entry_id = e.entry_id;
$$;
revoke execute on function
    erases_runs(integer, uuid, timestamptz, text[], text[]),
    erases_quarrels(integer, uuid, timestamptz, text[], text[]) from public;

alter table code_run alter column reason set statistics 0, alter column actor set statistics 0;
alter table partner_dispute alter column reason set statistics 0,
                            alter column actor set statistics 0;
alter table partner_decision alter column reason set statistics 0,
                             alter column actor set statistics 0;

-- ── memberships ─────────────────────────────────────────────────────────────────────────────
-- When one was ended before its term was over, what was taken off the fee of the running term by
-- agreement, and of a refund the number of the payment it gives back.
alter table membership_turn
    add column stopped_at timestamptz,
    add column off_minor  bigint not null default 0,
    add column payment    text   not null default '';
alter type membership_turn_row
    add attribute stopped_at timestamptz,
    add attribute off_minor  bigint,
    add attribute payment    text;
drop trigger only_personal on membership_turn;
create trigger only_personal before update on membership_turn
    for each row execute function only_personal('actor', 'reason', 'external_id', 'payment');
create or replace function erases_memberships(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update membership_turn
       set actor = shown_actor(actor, texts), reason = '', external_id = '', payment = ''
     where program_id = here and member_id = who;
    delete from membership_clock where program_id = here and member_id = who;
    delete from trial_taken where program_id = here and member_id = who;
$$;
alter table membership_turn alter column payment set statistics 0;

-- ── marks of newcomers ──────────────────────────────────────────────────────────────────────
-- With which device, address or card newcomers were brought, whoever brought them: found by the
-- mark, as one of many referrals.
create table referral_mark (
    program_id  integer not null,
    mark        text    not null,
    referral_id uuid    not null,
    member_id   uuid    not null,
    primary key (program_id, mark, referral_id)
);
create index referral_mark_of on referral_mark (program_id, member_id);
insert into referral_mark (program_id, mark, referral_id, member_id)
select program_id, unnest(marks), referral_id, member_id from referral where state <> 'rejected'
    on conflict do nothing;
create or replace function erases_referrals(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from referral_code where program_id = here and member_id = who;
    delete from referral_mark where program_id = here and member_id = who;
    update referral set marks = '{}'
     where program_id = here and member_id = who and marks <> '{}';
$$;
alter table referral_mark alter column mark set statistics 0;
grant select, insert on referral_mark to regulars_app;
select fence(array['referral_mark']);
