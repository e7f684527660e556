-- Rewards of every kind: codes that were uploaded or made, handed over, and used once.

-- ── codes ───────────────────────────────────────────────────────────────────────────────────
-- Codes that came at once: uploaded into a pool, or issued by hand, with who and why.
create table code_run (
    program_id integer     not null,
    run_id     uuid        not null,
    kind       text        not null check (kind in ('uploaded', 'issued')),
    reward     text        not null,
    version    integer     not null,
    terms      jsonb       not null,            -- of issued ones: the reward as it was promised
    times      integer     not null check (times > 0),
    actor      text        not null,
    reason     text        not null,
    made_at    timestamptz not null,
    primary key (program_id, run_id)
);

-- Every code, from the day it is here; its terms stand with its redemption or its run. Not by
-- member first: a till knows the code, and a voucher belongs to whoever shows it.
create table reward_code (
    program_id    integer     not null,
    code_id       uuid        not null,
    member_id     uuid,                         -- null in a pool, and of a voucher for anybody
    reward        text        not null,
    code          text        not null,         -- folded: capitals, no spaces or hyphens
    printed       text        not null,         -- as it was uploaded; '' where we made it
    run_id        uuid,                         -- with whom it came; null when made at a capture
    redemption_id uuid,                         -- for which it was handed over
    state         text        not null check (state in ('free', 'issued', 'used', 'withdrawn')),
    issued_at     timestamptz,
    ends_at       timestamptz,                  -- exclusive; null when it never ends
    closed_at     timestamptz,                  -- when it was used or withdrawn
    store         text        not null default '',
    channel       text        not null default '',
    actor         text        not null default '',      -- who let it be used, or withdrew it
    reason        text        not null default '',      -- why it was withdrawn
    primary key (program_id, code_id),
    check ((state in ('used', 'withdrawn')) = (closed_at is not null)),
    check (state <> 'free' or (issued_at is null and member_id is null and redemption_id is null)),
    check (state not in ('issued', 'used') or issued_at is not null),
    check (run_id is not null or redemption_id is not null)
) with (fillfactor = 85);
create unique index reward_code_once on reward_code (program_id, code);
create index reward_code_of_member on reward_code (program_id, member_id, code_id)
    where member_id is not null;
create unique index reward_code_of_redemption on reward_code (program_id, redemption_id)
    where redemption_id is not null;
create index reward_code_of_run on reward_code (program_id, run_id) where run_id is not null;
create index reward_code_free on reward_code (program_id, reward, code_id) where state = 'free';

-- A code goes forward only: free, issued, then used or withdrawn, and an erasure takes who did it.
create function only_forward() returns trigger language plpgsql as $$
declare
    moves constant text[] :=
        '{member_id,redemption_id,state,issued_at,ends_at,closed_at,store,channel,actor,reason}';
begin
    if tg_op = 'UPDATE' and to_jsonb(old) - moves is not distinct from to_jsonb(new) - moves
       and ((old.state = 'free' and new.state in ('issued', 'withdrawn'))
            or (old.state = 'issued' and new.state in ('used', 'withdrawn')
                and old.member_id is not distinct from new.member_id
                and old.redemption_id is not distinct from new.redemption_id
                and old.issued_at = new.issued_at
                and old.ends_at is not distinct from new.ends_at)
            or (to_jsonb(old) - '{actor,reason}'::text[] = to_jsonb(new) - '{actor,reason}'::text[]
                and old.member_id::text = current_setting('regulars.erasing', true)))
    then
        return new;
    end if;
    raise exception 'a code is handed over once and used once, and is never changed otherwise'
        using errcode = 'restrict_violation';
end $$;
create trigger only_forward before update or delete on reward_code
    for each row execute function only_forward();

create function erases_codes(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update reward_code
       set actor = shown_actor(actor, texts),
           reason = case when reason = '' then '' else 'erased' end
     where program_id = here and member_id = who
       and (reason <> '' or actor <> shown_actor(actor, texts));
$$;
revoke execute on function erases_codes(integer, uuid, timestamptz, text[], text[]) from public;

alter table reward_code alter column code set statistics 0, alter column printed set statistics 0,
    alter column actor set statistics 0, alter column reason set statistics 0;

create type code_issued_row as (
    code_id uuid, member_id uuid, reward text, code text, redemption_id uuid, issued_at timestamptz,
    ends_at timestamptz
);
create type code_handed_row as (
    code_id uuid, member_id uuid, redemption_id uuid, issued_at timestamptz, ends_at timestamptz
);
create type code_closed_row as (
    code_id uuid, state text, closed_at timestamptz, store text, channel text, actor text,
    reason text
);

select never_change(array['code_run']);
grant select, insert, update on reward_code to regulars_app;
select fence(array['code_run', 'reward_code']);
