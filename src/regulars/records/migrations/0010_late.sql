-- Late activities: what was decided after them is decided anew, and the differences are booked.

-- A member's activities in the order they happened: asked for the last of them by every batch of a
-- program with tiers, and for all of them when one came late. Sales to nobody are left out.
create index activity_of_member on activity (program_id, member_id, occurred_at)
    where member_id <> '00000000-0000-0000-0000-000000000000';

-- ── decisions that were made again ───────────────────────────────────────────────────────────
-- A decision that was made again, beside the first one in `trail`: the steps it came to, and for
-- which late activity it was made again. What it booked is an entry `restate`.
create table restatement (
    program_id     integer     not null,
    member_id      uuid        not null,
    activity_id    uuid        not null,           -- the deed that was decided again
    restatement_id uuid        not null,
    late_id        uuid        not null,           -- what came late
    version        integer     not null,
    engine         smallint    not null,
    packed         bytea       not null,
    recorded_at    timestamptz not null,
    primary key (program_id, member_id, activity_id, restatement_id)
);
create trigger append_only before update or delete or truncate on restatement
    for each statement execute function refuse_change();
grant select, insert on restatement to regulars_app;
alter table restatement enable row level security;
alter table restatement force row level security;
create policy own_program on restatement to regulars_app using
    (program_id = (select current_setting('regulars.program_id')::integer));
create policy owner on restatement to regulars_owner using (true);
create type restatement_row as (
    member_id uuid, activity_id uuid, restatement_id uuid, late_id uuid, version int, packed bytea
);

create index merge_of_who_stays on member_merge (program_id, into_id);
create index merge_of_who_left on member_merge (program_id, from_id);

-- What a column of names allows grows by these names, whatever it allowed before: so this file
-- does not depend on which other files ran first.
create or replace function pg_temp.allow_also(of_table text, of_column text, names text[])
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

do $$
begin
    perform pg_temp.allow_also('entry', 'kind', array['restate']);
    perform pg_temp.allow_also('tier_move', 'reason', array['restated']);
end $$;

-- ── who was erased ──────────────────────────────────────────────────────────────────────────
-- A decision made again froze the same attributes as the first one; an erasure takes them too.
alter table restatement alter column packed set statistics 0;
create trigger only_personal before update on restatement
    for each row execute function only_personal('packed');
create function erase_restatements(who uuid, ids uuid[], packings bytea[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform set_config('regulars.erasing', who::text, true);
    update restatement r set packed = p.packed
      from unnest(ids, packings) as p (restatement_id, packed)
     where r.program_id = current_setting('regulars.program_id')::integer
       and r.member_id = who and r.restatement_id = p.restatement_id;
    perform set_config('regulars.erasing', '', true);
end $$;
revoke execute on function erase_restatements(uuid, uuid[], bytea[]) from public;
grant execute on function erase_restatements(uuid, uuid[], bytea[]) to regulars_app;
