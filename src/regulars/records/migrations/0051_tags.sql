-- Words a shop puts on members, to find them again; and members in the order of their last visit.

-- ── the office ──────────────────────────────────────────────────────────────────────────────
-- A word of the shop on a member (ADR 0444).
create table member_tag (
    program_id integer     not null,
    tag        text        not null check (length(tag) between 1 and 40),
    member_id  uuid        not null,
    at         timestamptz not null,            -- since when
    primary key (program_id, tag, member_id)
);
create index tags_of_member on member_tag (program_id, member_id);

-- Of an erased member no word of staff is kept.
create or replace function erases_office(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from member_note where program_id = here and member_id = who;
    delete from member_tag where program_id = here and member_id = who;
    update adjustment_round set reason = ''
     where program_id = here and who = any(member_ids) and state not in ('waiting', 'going');
$$;
grant select, insert, delete on member_tag to regulars_app;
select fence(array['member_tag']);
