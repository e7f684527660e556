-- Members bring friends (semantics H1).

do $$
begin
    perform allow_also('midnight_step', 'step', array['settle_referrals']);
    perform allow_also('parked_member', 'step', array['settle_referrals']);
end $$;

-- ── referrals ───────────────────────────────────────────────────────────────────────────────
-- The code a member gives to friends; one for ever. An erasure takes it.
create table referral_code (
    program_id integer     not null,
    member_id  uuid        not null,
    code       text        not null,
    marks      text[]      not null,            -- digests of device, address, card, as the shop told
    made_at    timestamptz not null,
    primary key (program_id, member_id)
);
create unique index referral_code_by_code on referral_code (program_id, code);

-- A newcomer named the code of whoever brought them, and what became of it.
create table referral (
    program_id      integer     not null,
    member_id       uuid        not null,       -- the newcomer
    referral_id     uuid        not null,
    referrer_id     uuid        not null,
    version         integer     not null,       -- whose promise it is
    state           text        not null check (state in
                        ('named', 'qualified', 'rewarded', 'rejected', 'retracted')),
    reason          text        not null,       -- why it was rejected or retracted
    marks           text[]      not null,
    counts_from     timestamptz not null,       -- purchases since then count
    named_at        timestamptz not null,
    buys_until      timestamptz not null,       -- exclusive
    looked_at       timestamptz not null,       -- when the night last looked at it
    sale_id         uuid,                       -- the purchase that qualifies
    due_at          timestamptz,                -- when it counts as kept
    settled_at      timestamptz,                -- rewarded, or rejected
    retracted_at    timestamptz,
    wallet          integer     not null,
    referrer_units  bigint      not null default 0 check (referrer_units >= 0),
    newcomer_units  bigint      not null default 0 check (newcomer_units >= 0),
    referrer_entry  uuid,
    newcomer_entry  uuid,
    referrer_back   uuid,                       -- the entry that took the points back
    newcomer_back   uuid,
    check ((state in ('qualified', 'rewarded', 'retracted')) <= (sale_id is not null)),
    check ((sale_id is null) = (due_at is null)),
    check ((state in ('rejected', 'rewarded', 'retracted')) = (settled_at is not null)),
    check ((state = 'retracted') = (retracted_at is not null)),
    check ((state in ('rejected', 'retracted')) = (reason <> '')),
    check ((referrer_units > 0) = (referrer_entry is not null)),
    check ((newcomer_units > 0) = (newcomer_entry is not null)),
    primary key (program_id, member_id, referral_id)
);
create unique index referral_by_id on referral (program_id, referral_id);
-- Each newcomer once: the first code wins.
create unique index referral_once on referral (program_id, member_id) where state <> 'rejected';
create index referral_of_referrer on referral (program_id, referrer_id, settled_at);
create index referral_due on referral (program_id, state, looked_at)
    where state in ('named', 'qualified', 'rewarded');
create index referral_given on referral (program_id, settled_at) where state = 'rewarded';

-- What a member got when so many friends had stayed, and whether it was taken back.
create table referral_milestone (
    program_id integer     not null,
    member_id  uuid        not null,
    entry_id   uuid        not null,
    friends    integer     not null check (friends > 0),
    wallet     integer     not null,
    units      bigint      not null check (units > 0),
    given_at   timestamptz not null,
    undone_at  timestamptz,
    undone_by  uuid,                            -- the entry that took the points back
    check (undone_by is null or undone_at is not null),
    primary key (program_id, member_id, entry_id)
);
create index referral_milestone_given on referral_milestone (program_id, given_at);

create type referral_named_row as (
    member_id uuid, referral_id uuid, referrer_id uuid, version int, state text, reason text,
    counts_from timestamptz, named_at timestamptz, buys_until timestamptz, wallet int
);
create type referral_settled_row as (
    referral_id uuid, state text, reason text, sale_id uuid, due_at timestamptz,
    settled_at timestamptz, retracted_at timestamptz, referrer_units bigint,
    newcomer_units bigint, referrer_entry uuid, newcomer_entry uuid, referrer_back uuid,
    newcomer_back uuid
);
create type referral_milestone_row as (
    member_id uuid, entry_id uuid, friends int, wallet int, units bigint, given_at timestamptz,
    undone_at timestamptz, undone_by uuid
);

-- A referral goes forward: what was rejected or retracted stays so, what was given stands.
create function only_settled() returns trigger language plpgsql as $$
declare
    moves constant text[] :=
        '{state,reason,looked_at,sale_id,due_at,settled_at,retracted_at,referrer_units,'
        'newcomer_units,referrer_entry,newcomer_entry,referrer_back,newcomer_back}';
    given constant text[] :=
        '{state,reason,looked_at,retracted_at,referrer_back,newcomer_back}';
begin
    if tg_op = 'UPDATE' then
        if old.state in ('named', 'qualified')
           and to_jsonb(old) - moves is not distinct from to_jsonb(new) - moves
           or old.state = 'rewarded' and new.state in ('rewarded', 'retracted')
           and to_jsonb(old) - given is not distinct from to_jsonb(new) - given
           or to_jsonb(old) - 'marks'::text is not distinct from to_jsonb(new) - 'marks'::text
           and new.marks = '{}'
           and old.member_id::text = current_setting('regulars.erasing', true)
        then
            return new;
        end if;
    end if;
    raise exception 'a referral goes forward, and what it gave is taken back once'
        using errcode = 'restrict_violation';
end $$;
create trigger only_settled before update or delete on referral
    for each row execute function only_settled();

create function erases_referrals(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from referral_code where program_id = here and member_id = who;
    update referral set marks = '{}'
     where program_id = here and member_id = who and marks <> '{}';
$$;
revoke execute on function erases_referrals(integer, uuid, timestamptz, text[], text[]) from public;

alter table referral_code alter column code set statistics 0, alter column marks set statistics 0;
alter table referral alter column marks set statistics 0;

grant select, insert, update on referral, referral_milestone to regulars_app;
grant select, insert on referral_code to regulars_app;
select fence(array['referral', 'referral_code', 'referral_milestone']);
