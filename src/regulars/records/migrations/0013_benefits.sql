-- What members use without paying points (semantics G2).

-- ── benefits ────────────────────────────────────────────────────────────────────────────────
-- What somebody granted a member by hand: so often, whatever their tier.
create table benefit_grant (
    program_id integer     not null,
    member_id  uuid        not null,
    grant_id   uuid        not null,
    benefit    text        not null,
    times      integer     not null check (times > 0),
    from_at    timestamptz not null,
    until_at   timestamptz check (until_at > from_at),     -- exclusive; null when it never ends
    actor      text        not null,
    reason     text        not null,
    primary key (program_id, member_id, grant_id)
);

-- Every use of a benefit, with what it was worth and cost as promised that day.
create table benefit_use (
    program_id integer     not null,
    member_id  uuid        not null,
    use_id     uuid        not null,
    benefit    text        not null,
    version    integer     not null,
    terms      jsonb       not null,            -- the benefit as it was promised that day
    grant_id   uuid,                            -- what was granted by hand and used; else the tier's
    state      text        not null check (state in ('used', 'undone')),
    store      text        not null,
    channel    text        not null,
    sku        text        not null,
    details    jsonb       not null,
    actor      text        not null,
    used_at    timestamptz not null,
    undone_at  timestamptz,
    check ((state = 'undone') = (undone_at is not null)),
    primary key (program_id, member_id, use_id)
);
create unique index benefit_use_by_id on benefit_use (program_id, use_id);
create index benefit_use_of_grant on benefit_use (program_id, grant_id) where grant_id is not null;

create type benefit_grant_row as (
    member_id uuid, grant_id uuid, benefit text, times int, from_at timestamptz,
    until_at timestamptz, actor text, reason text
);
create type benefit_use_row as (
    member_id uuid, use_id uuid, benefit text, version int, terms text, grant_id uuid, store text,
    channel text, sku text, details text, actor text, used_at timestamptz
);

-- A use may be taken back, once, and an erasure takes what is personal; nothing else of it changes.
create function only_undone() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE'
       and to_jsonb(old) - '{state,undone_at,details,actor}'::text[]
           is not distinct from to_jsonb(new) - '{state,undone_at,details,actor}'::text[]
       and (old.state = new.state or old.state = 'used')
       and (to_jsonb(old) - '{state,undone_at}'::text[]
                is not distinct from to_jsonb(new) - '{state,undone_at}'::text[]
            or old.member_id::text = current_setting('regulars.erasing', true)
               and exists (select from erasure e where e.program_id = old.program_id
                                                   and e.member_id = old.member_id))
    then
        return new;
    end if;
    raise exception 'a use of a benefit may be undone, and nothing else of it changes'
        using errcode = 'restrict_violation';
end $$;
create trigger only_undone before update or delete on benefit_use
    for each row execute function only_undone();
create trigger only_personal before update on benefit_grant
    for each row execute function only_personal('actor', 'reason');

create function erases_benefits(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update benefit_use set details = '{}', actor = shown_actor(actor, texts)
     where program_id = here and member_id = who
       and (details <> '{}' or actor <> shown_actor(actor, texts));
    update benefit_grant set actor = shown_actor(actor, texts), reason = 'erased'
     where program_id = here and member_id = who;
$$;
revoke execute on function erases_benefits(integer, uuid, timestamptz, text[], text[]) from public;

alter table benefit_use alter column details set statistics 0, alter column actor set statistics 0;
alter table benefit_grant alter column actor set statistics 0, alter column reason set statistics 0;

select never_change(array['benefit_grant']);
grant select, insert, update on benefit_use to regulars_app;
select fence(array['benefit_grant', 'benefit_use']);
