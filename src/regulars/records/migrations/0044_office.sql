-- Finding members among a million, doing something for many of them, and words of staff about one.

-- ── the office ──────────────────────────────────────────────────────────────────────────────
-- A list of members somebody keeps: what they look for, as the address of the page says it.
create table saved_view (
    program_id integer     not null,
    view_id    uuid        not null,
    staff_id   uuid        not null,            -- who made it
    shared     boolean     not null,            -- everybody who works here sees it
    name       text        not null check (length(name) between 1 and 60),
    query      text        not null check (length(query) <= 1000),
    made_at    timestamptz not null,
    primary key (program_id, view_id)
);

-- Points given or taken by hand from many members, some at a time (ADR 0418).
create table adjustment_round (
    program_id integer     not null,
    round_id   uuid        not null,
    wallet     text        not null,
    units      bigint      not null check (units <> 0),
    reason     text        not null,
    member_ids uuid[]      not null,            -- for whom, in the order they are gone through
    place      integer     not null default 0,  -- how many were gone through
    booked     integer     not null default 0,  -- for how many of those it was booked
    state      text        not null check (state in ('waiting', 'going', 'done', 'rejected', 'stopped')),
    asked_by   uuid        not null,
    asked_at   timestamptz not null,
    decided_by uuid,                            -- a colleague; nobody: within limit and budget
    decided_at timestamptz,
    ended_at   timestamptz,
    check (decided_by <> asked_by),
    check (booked <= place and place <= cardinality(member_ids)),
    primary key (program_id, round_id)
);
create index adjustment_round_open on adjustment_round (program_id, asked_at)
    where state in ('waiting', 'going');

-- What staff wrote beside a member.
create table member_note (
    program_id integer     not null,
    member_id  uuid        not null,
    note_id    uuid        not null,            -- grows with time
    staff_id   uuid        not null,
    says       text        not null check (length(says) between 1 and 2000),
    at         timestamptz not null,
    primary key (program_id, member_id, note_id)
);

-- By how a name begins, whom blocked or unregistered, and who stands on a step (ADR 0417).
create index member_by_given on member (program_id, (lower(given_name) collate "C"), member_id);
create index member_by_family on member (program_id, (lower(family_name) collate "C"), member_id);
create index member_by_state on member (program_id, state, member_id) where state <> 'active';
create index standing_of_tier on standing (program_id, tier, member_id) where tier is not null;
-- The latest entries of everybody: ids lie in the order of time, so this costs who earns nothing.
create index entry_in_order on entry using brin (entry_id) with (pages_per_range = 32, autosummarize = on);
create index reward_code_closed on reward_code (program_id, reward, closed_at)
    where closed_at is not null;
-- What a name began like is not kept in statistics: an erasure would not reach it there.
alter index member_by_given alter column 2 set statistics 0;
alter index member_by_family alter column 2 set statistics 0;

-- Sales that one cashier typed in without a receipt.
alter table alert drop constraint alert_kind_check;
alter table alert add constraint alert_kind_check
    check (kind in ('velocity', 'share', 'joins', 'by_hand'));

-- Of an erased member no word of staff is kept.
create function erases_office(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from member_note where program_id = here and member_id = who;
    update adjustment_round set reason = ''
     where program_id = here and who = any(member_ids) and state not in ('waiting', 'going');
$$;
revoke execute on function erases_office(integer, uuid, timestamptz, text[], text[]) from public;

alter table member_note alter column says set statistics 0;
alter table saved_view alter column name set statistics 0, alter column query set statistics 0;
alter table adjustment_round alter column reason set statistics 0;
grant select, insert, update on adjustment_round to regulars_app;
grant select, insert, update, delete on saved_view, member_note to regulars_app;
select fence(array['saved_view', 'adjustment_round', 'member_note']);
