-- Points that move between people and times: transfers, merged members, households, blocks,
-- courtesy, written-off debts.

-- What a column of names allows grows by these names, whatever it allowed before. It stays, for the
-- migrations that follow; only the owner of the tables may call it.
create function allow_also(of_table text, of_column text, names text[])
returns void language plpgsql as $$
declare
    found record;
    allowed text[];
begin
    select c.conname, pg_get_constraintdef(c.oid) as says into strict found
      from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.conrelid = of_table::regclass and c.contype = 'c' and array_length(c.conkey, 1) = 1
       and a.attname = of_column and pg_get_constraintdef(c.oid) ~ 'ARRAY\[|::text\[\]';
    -- Written as a list of texts, or as one text that is an array.
    select array_agg(distinct name) into allowed
      from (select m[1] as name from regexp_matches(found.says, '''([a-z_-]+)''', 'g') as m
            union all
            select unnest((regexp_match(found.says, '''(\{[^}]+\})'''))[1]::text[])
            union all select unnest(names)) as three_ways;
    execute format('alter table %I drop constraint %I', of_table, found.conname);
    execute format('alter table %I add constraint %I check (%I = any (%L::text[]))',
                   of_table, found.conname, of_column, allowed);
end $$;
revoke execute on function allow_also(text, text, text[]) from public;

insert into account_name values (16, 'transferred', 'program'), (17, 'written_off', 'program');

do $$
begin
    perform allow_also('entry', 'kind', array[
        'transfer', 'pool', 'merge', 'unmerge', 'extend', 'reinstate', 'write_off']);
    perform allow_also('member', 'state', array['merged']);
    perform allow_also('tier_move', 'reason', array['merged', 'unmerged']);
    perform allow_also('midnight_step', 'step', array['write_off_debts']);
    perform allow_also('parked_member', 'step', array['write_off_debts']);
end $$;

-- ── members who are one ─────────────────────────────────────────────────────────────────────
-- Under whom a merged member stands now; one step, however many merges led there.
create table member_alias (
    program_id integer not null,
    member_id  uuid    not null,
    into_id    uuid    not null,
    primary key (program_id, member_id)
);
create index alias_of_member on member_alias (program_id, into_id);

create table member_merge (
    program_id  integer     not null,
    merge_id    uuid        not null,
    from_id     uuid        not null,
    into_id     uuid        not null,
    brought     jsonb       not null,           -- what came with it, so that it can go back exactly
    takes       bigint      not null,           -- what had been taken from the one who stays by then
    actor       text        not null,
    reason      text        not null,
    merged_at   timestamptz not null,
    unmerged_at timestamptz,
    unmerged_by text,
    unmerged_because text,
    parted      xid8,                           -- the transaction that undid it
    primary key (program_id, merge_id)
);
create index merge_undone on member_merge (program_id, into_id) where parted is not null;
create unique index merge_in_force on member_merge (program_id, from_id) where unmerged_at is null;

-- ── who may not ─────────────────────────────────────────────────────────────────────────────
create table block (
    program_id  integer     not null,
    member_id   uuid        not null,
    block_id    uuid        not null,
    blocked     boolean     not null,           -- or let go again
    before      text        not null,           -- the state it ended
    actor       text        not null,
    reason      text        not null,
    recorded_at timestamptz not null,
    primary key (program_id, member_id, block_id)
);

-- ── households ──────────────────────────────────────────────────────────────────────────────
create table household (
    program_id   integer     not null,
    household_id uuid        not null,
    name         text        not null,
    actor        text        not null,
    recorded_at  timestamptz not null,
    primary key (program_id, household_id)
);

create table household_member (
    program_id   integer     not null,
    member_id    uuid        not null,
    place_id     uuid        not null,
    household_id uuid        not null,
    role         text        not null check (role in ('head', 'member')),
    joined_at    timestamptz not null,
    left_at      timestamptz,
    actor        text        not null,
    primary key (program_id, member_id, place_id)
);
create unique index household_of_member on household_member (program_id, member_id)
    where left_at is null;
create index members_of_household on household_member (program_id, household_id)
    where left_at is null;
create unique index head_of_household on household_member (program_id, household_id)
    where left_at is null and role = 'head';

-- ── courtesy ────────────────────────────────────────────────────────────────────────────────
-- Points that live longer, or live again: which, until when, and what that costs the shop.
create table courtesy (
    program_id integer     not null,
    member_id  uuid        not null,
    entry_id   uuid        not null,
    kind       text        not null check (kind in ('extend', 'reinstate')),
    lot_id     uuid        not null,            -- the lot that lives longer, or that had lapsed
    wallet     smallint    not null,
    points     bigint      not null check (points > 0),
    from_at    timestamptz not null,            -- when they would have lapsed, or had lapsed
    to_at      timestamptz not null,
    cost_minor bigint      not null check (cost_minor >= 0),
    primary key (program_id, member_id, entry_id)
);
create index courtesy_of_lot on courtesy (program_id, member_id, lot_id);

-- Who owes is looked for every night.
create index balance_owing on balance (program_id, wallet, member_id) where debt > 0;

create type courtesy_row as (
    member_id uuid, entry_id uuid, kind text, lot_id uuid, wallet smallint, points bigint,
    from_at timestamptz, to_at timestamptz, cost_minor bigint
);
-- ── erased members ──────────────────────────────────────────────────────────────────────────
create trigger only_personal before update on block
    for each row execute function only_personal('actor', 'reason');

-- A household has no member of its own; while somebody is erased its name and who founded it go.
create function only_names() returns trigger language plpgsql as $$
begin
    if to_jsonb(old) - '{name,actor}'::text[] is distinct from to_jsonb(new) - '{name,actor}'::text[]
    then
        raise exception '% is append-only: an erasure takes names alone', tg_table_name
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger only_personal before update on household
    for each row execute function only_names();

-- Who belongs to a household leaves it; the one who is longest in it becomes its head. Whoever was
-- merged stays merged, and cannot be parted any more: what would have to go back is gone.
create function erases_unions(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language plpgsql set search_path = public, pg_temp as $$
declare
    place household_member;
    homes uuid[];
begin
    update household_member set left_at = told
     where program_id = here and member_id = who and left_at is null
    returning * into place;
    if place.role = 'head' then
        update household_member set role = 'head'
         where program_id = here and place_id = (
               select place_id from household_member
                where program_id = here and household_id = place.household_id and left_at is null
                order by joined_at, place_id limit 1);
    end if;
    select coalesce(array_agg(household_id), '{}') into homes from household_member
     where program_id = here and member_id = who;
    update household_member set actor = shown_actor(actor, texts)
     where program_id = here and household_id = any (homes)
       and actor <> shown_actor(actor, texts);
    update household set name = case when shown_actor(name, texts) = name then name else '' end,
                         actor = shown_actor(actor, texts)
     where program_id = here and household_id = any (homes)
       and (name <> shown_actor(name, texts) or actor <> shown_actor(actor, texts));
    update block set actor = shown_actor(actor, texts), reason = 'erased'
     where program_id = here and member_id = who;

    update member_merge
       set brought = brought || '{"names": []}', reason = 'erased',
           actor = shown_actor(actor, texts),
           unmerged_by = shown_actor(unmerged_by, texts),
           unmerged_because = case when unmerged_because is null then null else 'erased' end
     where program_id = here and who in (from_id, into_id);
    update identifier i set member_id = a.into_id
      from member_alias a
     where a.program_id = here and a.member_id = who
       and i.program_id = here and i.member_id = who and i.kind = 'number';
    update outbox set payload = payload - '{reason,name,actor}'::text[]
     where program_id = here and member_id = who
       and (type like 'member.%' or type like 'household.%')
       and payload ?| '{reason,name,actor}'::text[];
    update member set state = 'merged'
     where program_id = here and member_id = who
       and exists (select from member_alias where program_id = here and member_id = who);
end $$;
alter table block alter column reason set statistics 0, alter column actor set statistics 0;
alter table household alter column name set statistics 0, alter column actor set statistics 0;
alter table household_member alter column actor set statistics 0;
alter table member_merge alter column brought set statistics 0, alter column reason set statistics 0,
    alter column actor set statistics 0, alter column unmerged_by set statistics 0,
    alter column unmerged_because set statistics 0;

revoke execute on function erases_unions(integer, uuid, timestamptz, text[], text[]) from public;

select never_change(array['block', 'courtesy', 'household']);
grant select, insert, update on member_merge, household_member to regulars_app;
grant select, insert, update, delete on member_alias to regulars_app;
select fence(array['member_alias', 'member_merge', 'block', 'household', 'household_member',
                   'courtesy']);
