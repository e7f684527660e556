-- Moving: mistakes of ours are told as ours, and reasons of runs for many forget given names.

-- ── mistakes of ours in an import ───────────────────────────────────────────────────────────
-- A slip with a report is no bad line: we could not book it, and the log says why under the report.
alter table import_slip add column report text not null default '';

-- ── given names in reasons of runs for many ─────────────────────────────────────────────────
-- Given names are common words, so they are looked for as whole words and in runs that were the
-- member's too; `regulars.erasing_given` holds those of the person, split by line feeds.
create or replace function erases_runs(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    with called as (
        select regexp_split_to_array(lower(g), '[^[:alnum:]]+') as parts
          from regexp_split_to_table(
                   coalesce(current_setting('regulars.erasing_given', true), ''), '\n') as g
    ), mine as (
        select distinct run_id from reward_code
         where program_id = here and member_id = who and run_id is not null
    ), words as (
        select u.run_id,
               not exists (select from reward_code c
                            where c.program_id = here and c.run_id = u.run_id
                              and c.member_id is distinct from who)
               or exists (select from unnest(names || texts) t
                           where length(t) > 3 and position(lower(t) in lower(u.reason)) > 0)
               or exists (select from called, unnest(called.parts) p,
                                 regexp_split_to_table(lower(u.reason), '[^[:alnum:]]+') w
                           where length(p) > 1 and w in (p, p || 's')) as personal
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

-- ── a debt that moved is as old as it was ───────────────────────────────────────────────────
-- Since when something is owed that an entry adds to a debt: what was owed elsewhere since the
-- entry says it happened, what came over with a merge since it arose, until that is undone.
create function debt_begins(e entry, wallet integer, adds boolean) returns timestamptz
language sql stable set search_path = public, pg_temp as $$
    select least(e.recorded_at, case
        when e.kind = 'open' then e.occurred_at
        when adds and e.kind in ('merge', 'unmerge') then (
            select (m.brought -> 'owed_since' ->> debt_begins.wallet::text)::timestamptz
              from member_merge m
             where m.program_id = e.program_id and m.merge_id = e.cause_id
               and (e.kind = 'unmerge' or m.unmerged_at is null))
        end)
$$;

-- ── claims that are open ────────────────────────────────────────────────────────────────────
-- Listed by when they lapse; those that lapsed are behind.
create index partner_claim_by_end on partner_claim (program_id, decide_by, claim_id);

-- ── what came along ─────────────────────────────────────────────────────────────────────────
-- Rows that were made in another installation and came here with an import: choices, grants,
-- memberships, friends, prizes, teams. They stand in their own tables; nobody is told of them, and
-- what they gave is not in these books but came as points. `taken` stands here alone: when somebody
-- last took a reward that is not had twice in a short while.
create table came_along (
    program_id integer     not null,
    about      uuid        not null,
    member_id  uuid        not null,
    kind       text        not null check (kind in (
        'choice', 'grant', 'membership', 'trial', 'friend_code', 'referral', 'friends', 'part',
        'prize', 'team', 'place', 'taken')),
    name       text        not null,            -- of the reward that was taken
    at         timestamptz,                     -- when
    import_id  uuid        not null,
    opened_at  timestamptz not null,
    primary key (program_id, about)
);
create index came_along_taken on came_along (program_id, member_id, name) where kind = 'taken';
select never_change(array['came_along']);
select fence(array['came_along']);
